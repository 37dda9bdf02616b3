import { runDoctor, type RunDoctorOptions } from '../../src/doctor/run-doctor.js';
import type { CheckFinding } from '../../src/doctor/finding.js';
import type { Thresholds } from '../../src/doctor/thresholds.js';

export interface LookOptions extends Omit<RunDoctorOptions, 'connection' | 'only' | 'rules'> {
  readonly thresholds?: Partial<Thresholds>;
}

/** The findings of some checks, the gravest first. */
export async function look(
  connection: string,
  only: readonly string[],
  { thresholds, ...options }: LookOptions = {},
): Promise<readonly CheckFinding[]> {
  const { findings } = await runDoctor({
    connection,
    only,
    rules: { thresholds: thresholds ?? {} },
    ...options,
  });
  return findings;
}

/** `warn public.users: …`, for comparisons. */
export function brief(findings: readonly CheckFinding[]): readonly string[] {
  return findings.map(({ severity, object, what }) => `${severity} ${object}: ${what}`);
}

/** The same database as another role. */
export function asRole(url: string, role: string, password: string): string {
  const other = new URL(url);
  other.username = role;
  other.password = password;
  return other.href;
}
