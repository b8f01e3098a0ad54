/** A keyset page: `first` rows (1..100) after the row that the cursor names. */
export interface PageRequest {
  readonly first: number;
  /** Decoded cursor: the sort key and id of the last row seen; null: from the start. */
  readonly after: Cursor | null;
}
export interface Cursor {
  /** ISO time or other text form of the sort key. */
  readonly key: string;
  readonly id: string;
}
export interface Page<T> {
  readonly nodes: readonly T[];
  readonly cursors: readonly Cursor[];
  readonly hasNextPage: boolean;
}
