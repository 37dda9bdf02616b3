/** The gravest last. `info` never fails a run: it is worth knowing, or says what was not to be seen. */
export const severities = ['info', 'warn', 'error'] as const;
export type Severity = (typeof severities)[number];

/** What a check has found. */
export interface Finding {
  readonly severity: Severity;
  /** What it is about: schema-qualified where it is a relation, `pid 4711` for a session. Ignores name it. */
  readonly object: string;
  /** A sentence: what is true. */
  readonly what: string;
  /** A sentence: what it costs, or will, in this database. */
  readonly why: string;
  /** The command or statement that mends it, or a sentence where only people can. */
  readonly fix: string;
}

export interface CheckFinding extends Finding {
  /** Name of the check. */
  readonly check: string;
}

/** The gravest first; within a severity in the order given. */
export function bySeverity<T extends Finding>(findings: readonly T[]): readonly T[] {
  return findings.toSorted((one, other) => rank(other) - rank(one));
}

export function worstOf(findings: readonly Finding[]): Severity | undefined {
  return bySeverity(findings)[0]?.severity;
}

export function isAtLeast({ severity }: Finding, least: Severity): boolean {
  return severities.indexOf(severity) >= severities.indexOf(least);
}

function rank({ severity }: Finding): number {
  return severities.indexOf(severity);
}
