import type { CheckFinding } from './finding.js';
import type { IgnoreRule } from './rules.js';

export interface IgnoredFinding extends CheckFinding {
  readonly ignored: IgnoreRule;
}

export interface SortedFindings {
  /** With one for every ignore that is over. */
  readonly findings: readonly CheckFinding[];
  readonly ignored: readonly IgnoredFinding[];
}

/** Takes out what is ignored. An ignore that is over takes nothing out, and is a finding itself. Pure. */
export function applyIgnores(
  findings: readonly CheckFinding[],
  rules: readonly IgnoreRule[],
  now: Date,
): SortedFindings {
  const today = now.toISOString().slice(0, 10);
  const kept: CheckFinding[] = [];
  const ignored: IgnoredFinding[] = [];
  for (const finding of findings) {
    const rule = rules.find((candidate) => candidate.until >= today && matches(candidate, finding));
    if (rule === undefined) kept.push(finding);
    else ignored.push({ ...finding, ignored: rule });
  }
  const over = rules
    .filter(({ until }) => until < today)
    .map((rule): CheckFinding => {
      const hides = findings.filter((finding) => matches(rule, finding)).length;
      return {
        check: 'ignore',
        severity: 'warn',
        object: `${rule.check} ${rule.object}`,
        what: `the ignore ended on ${rule.until}; ${hides === 0 ? 'nothing would be ignored by it any more' : `${hides} ${hides === 1 ? 'finding is' : 'findings are'} back`}`,
        why: `It was ignored because: ${rule.reason}. Somebody wanted that to be looked at again.`,
        fix: 'Mend what it hid, or give the ignore a later day, or take it out of the rules file.',
      };
    });
  return { findings: [...kept, ...over], ignored };
}

function matches({ check, object }: IgnoreRule, finding: CheckFinding): boolean {
  if (check !== finding.check) return false;
  const pattern = object
    .split('*')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`, 's').test(finding.object);
}
