import { UsageError } from '../errors.js';
import { partitionPolicies, type PartitionPolicy } from '../partitioning/policy.js';

export interface PolicyOptions {
  /** Names of tables, with or without their schema; default: all. */
  readonly tables?: readonly string[] | undefined;
  /** Months made ahead of the current one, 0 to 120; default: the policy's, 3. */
  readonly premakeMonths?: number | undefined;
  /** Whole months before the current one that stay live, 0 to 1200; default: the policy's, 6. */
  readonly retentionMonths?: number | undefined;
  /** Default: the two partitioned tables of StudyMate. */
  readonly policies?: readonly PartitionPolicy[] | undefined;
}

/**
 * The policies that the options leave, with what they override.
 *
 * @throws UsageError USAGE_INVALID_OPTION
 */
export function selectPolicies(options: PolicyOptions): readonly PartitionPolicy[] {
  const { tables, policies = partitionPolicies } = options;
  const selected = tables?.map((name) => findPolicy(policies, name)) ?? policies;
  return [...new Set(selected)].map((policy) => ({
    ...policy,
    premakeMonths: whole(options.premakeMonths ?? policy.premakeMonths, '--premake', 120),
    retentionMonths: whole(options.retentionMonths ?? policy.retentionMonths, '--retention', 1200),
  }));
}

function findPolicy(policies: readonly PartitionPolicy[], name: string): PartitionPolicy {
  const policy = policies.find(({ schema, table }) => name === table || name === `${schema}.${table}`);
  if (policy !== undefined) return policy;
  throw new UsageError('USAGE_INVALID_OPTION', `--table: ${name} is no table that is kept by months`, {
    hint: `Name one of these: ${policies.map(({ table }) => table).join(', ')}.`,
  });
}

function whole(value: number, option: string, greatest: number): number {
  if (Number.isInteger(value) && value >= 0 && value <= greatest) return value;
  throw new UsageError('USAGE_INVALID_OPTION', `${option}: ${value} is not a number of months`, {
    hint: `Give a whole number from 0 to ${greatest}.`,
  });
}
