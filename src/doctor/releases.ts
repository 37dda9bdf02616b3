/** The minor releases of PostgreSQL that this package knows. */
export interface KnownReleases {
  /** The day the list was made: there may be later releases, never earlier ones. */
  readonly asOf: string;
  readonly majors: Readonly<Record<number, MajorRelease>>;
}

export interface MajorRelease {
  readonly latestMinor: number;
  /** The day of its last minor release. */
  readonly endOfLife: string;
}

/** Seen to exist on that day; brought up to date with each release of this package. */
export const knownReleases: KnownReleases = {
  asOf: '2026-11-22',
  majors: {
    15: { latestMinor: 20, endOfLife: '2027-11-11' },
    16: { latestMinor: 14, endOfLife: '2028-11-09' },
    17: { latestMinor: 11, endOfLife: '2029-11-08' },
    18: { latestMinor: 4, endOfLife: '2030-11-14' },
  },
};

/** A bug of the server that could hurt a schema such as this one. */
export interface ServerBug {
  /** The first minor release without it, by major; majors that are not named never had it. */
  readonly fixedIn: Readonly<Record<number, number>>;
  /** Which of these a database must have to be hurt. */
  readonly hurts: 'foreign key to a partitioned table' | 'foreign key of a partitioned table to itself';
  readonly what: string;
  readonly repair: string;
}

export const serverBugs: readonly ServerBug[] = [
  {
    fixedIn: { 15: 9, 16: 5, 17: 1 },
    hurts: 'foreign key to a partitioned table',
    what: 'attaching and detaching a partition leaves the triggers of such a foreign key wrong or missing: archiving a month stops enforcing it',
    repair: 'drop the foreign key and add it again',
  },
  {
    fixedIn: { 15: 13, 16: 9, 17: 5 },
    hurts: 'foreign key of a partitioned table to itself',
    what: 'creating or attaching a partition does not enforce such a foreign key in full',
    repair: 'drop the foreign key and add it again',
  },
];

export function isFixed({ fixedIn }: ServerBug, serverVersion: number): boolean {
  return serverVersion % 10_000 >= (fixedIn[Math.floor(serverVersion / 10_000)] ?? 0);
}
