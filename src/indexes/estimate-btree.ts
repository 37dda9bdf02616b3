/** What the statistics say of one key or INCLUDE column of an index. */
export interface BtreeColumn {
  /** Average width in bytes of the values that are not null. */
  readonly averageWidth: number;
  /** Bytes its type is aligned to; 1 for text and the like, whose short values are not aligned. */
  readonly alignment: number;
  readonly nullFraction: number;
  /** Distinct values in the whole table. */
  readonly distinctValues: number;
}

export interface BtreeShape {
  /** Entries of the index, as ANALYZE or VACUUM last counted. */
  readonly rows: number;
  /** Rows of the table: more than `rows` for a partial index. */
  readonly tableRows: number;
  /** 0.1 to 1; 0.9 unless set. */
  readonly fillfactor: number;
  /** Equal keys share one posting list (PostgreSQL 13 and later; not unique, no INCLUDE, equality is image equality). */
  readonly deduplicates: boolean;
  readonly columns: readonly BtreeColumn[];
}

const PAGE = 8192;
/** Page header and the btree's own space at its end. */
const PAGE_ROOM = PAGE - 24 - 16;
const LINE_POINTER = 4;
const TUPLE_HEADER = 8;
/** Header with a null bitmap. */
const NULL_TUPLE = 16;
const TID = 6;
/** Largest posting list that a build makes: a tenth of the page. */
const POSTING_LIMIT = 812;
/** Inner pages are filled to 70 %. */
const INNER_FILL = 0.7;

/**
 * Pages a btree would have if it were built now. Right within a few per cent when the statistics are: columns that
 * depend on each other make fewer distinct keys than the product that is assumed here.
 */
export function estimateBtreePages(shape: BtreeShape): number {
  const { rows, fillfactor, columns } = shape;
  const allNull = Math.min(...columns.map(({ nullFraction }) => nullFraction));
  const keyed = rows * (1 - allNull);
  const keySize = align(TUPLE_HEADER + keyWidth(columns, allNull), 8);
  const bytes =
    keyedBytes(keyed, distinctKeys(shape, keyed), keySize, shape.deduplicates) +
    nullBytes(rows * allNull, shape.deduplicates);
  const leafPages = Math.ceil(bytes / (PAGE_ROOM * fillfactor - keySize));
  const fanOut = Math.floor((PAGE_ROOM * INNER_FILL) / (keySize + LINE_POINTER));
  return 1 + Math.max(1, leafPages) + innerPages(leafPages, fanOut);
}

function innerPages(leafPages: number, fanOut: number): number {
  let pages = 0;
  for (let level = leafPages; level > 1;) {
    level = Math.ceil(level / fanOut);
    pages += level;
  }
  return pages;
}

/** Average bytes of the columns of an entry that is not all null, with the padding between them. */
function keyWidth(columns: readonly BtreeColumn[], allNull: number): number {
  return columns.reduce((offset, { averageWidth, alignment, nullFraction }) => {
    // Among the entries that have a key at all, this one is there so often.
    const present = Math.min(1, (1 - nullFraction) / Math.max(1 - allNull, Number.EPSILON));
    return (present === 1 ? align(offset, alignment) : offset) + averageWidth * present;
  }, 0);
}

/** Distinct keys among the entries: of a partial index fewer than of the table. */
function distinctKeys({ tableRows, rows, columns }: BtreeShape, keyed: number): number {
  const inTable = columns.reduce((product, { distinctValues }) => product * Math.max(1, distinctValues), 1);
  const distinct = Math.min(inTable, Math.max(tableRows, rows, 1));
  const share = tableRows > 0 ? Math.min(1, rows / tableRows) : 1;
  // A key is missed when none of its rows is among the share that is indexed.
  const kept = share < 1 ? distinct * (1 - (1 - share) ** (tableRows / distinct)) : distinct;
  return Math.max(1, Math.min(kept, keyed));
}

function keyedBytes(rows: number, distinct: number, keySize: number, deduplicates: boolean): number {
  const plain = keySize + LINE_POINTER;
  const perKey = rows / distinct;
  if (!deduplicates || perKey <= 1) return rows * plain;
  // Between one and two rows a key, some keys have a posting list of two and the others none.
  if (perKey < 2) return distinct * plain + (rows - distinct) * 2 * 8;
  const perPosting = Math.floor((POSTING_LIMIT - keySize) / TID);
  const full = Math.floor(perKey / perPosting);
  const rest = perKey - full * perPosting;
  const posting = (count: number): number => align(keySize + TID * count, 8) + LINE_POINTER;
  return distinct * (full * posting(perPosting) + (rest <= 1 ? rest * plain : posting(rest)));
}

/** Nulls are one group of equal keys. */
function nullBytes(rows: number, deduplicates: boolean): number {
  if (!deduplicates) return rows * (NULL_TUPLE + LINE_POINTER);
  const perPosting = Math.floor((POSTING_LIMIT - NULL_TUPLE) / TID);
  return rows * TID + Math.ceil(rows / perPosting) * (NULL_TUPLE + LINE_POINTER);
}

function align(bytes: number, to: number): number {
  return Math.ceil(bytes / to) * to;
}
