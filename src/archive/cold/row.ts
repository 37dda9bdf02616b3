/** A row as the texts of its columns, in the order of the manifest; null is SQL's null. */
export type Row = readonly (string | null)[];
