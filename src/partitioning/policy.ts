/** How a table is partitioned by month, and when its months are archived. */
export interface PartitionPolicy {
  readonly schema: string;
  readonly table: string;
  /** In the same schema. */
  readonly archiveTable: string;
  /** The timestamptz column that decides the partition. */
  readonly controlColumn: string;
  /** Months made ahead of the current one. */
  readonly premakeMonths: number;
  /** Whole months that stay live before the current one. */
  readonly retentionMonths: number;
}

/** The partitioned tables of the schema: the one place where they are listed. */
export const partitionPolicies: readonly PartitionPolicy[] = [
  {
    schema: 'public',
    table: 'chat_messages',
    archiveTable: 'chat_messages_archive',
    controlColumn: 'created_at',
    premakeMonths: 3,
    retentionMonths: 6,
  },
  {
    schema: 'public',
    table: 'user_activity_logs',
    archiveTable: 'user_activity_logs_archive',
    controlColumn: 'created_at',
    premakeMonths: 3,
    retentionMonths: 6,
  },
];
