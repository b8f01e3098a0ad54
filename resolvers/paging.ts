import type { Cursor, Page, PageRequest } from '../src/application/ports/page';
import { parseId } from '../src/domain/ids';
import { badInput } from './errors';
import { filterText } from './ids';
import type { ConnectionOf } from './types/connection';

const MAX_PAGE = 100;

/** What a connection is sorted by, before the id: an instant, a whole number, a text, or nothing but the id. */
export type SortKey = 'instant' | 'number' | 'text' | 'id';

export interface PageArguments {
  readonly first?: number | null | undefined;
  readonly after?: string | null | undefined;
}

/** @throws GraphQLError BAD_USER_INPUT for a `first` outside of 1..100 or a cursor that is none of ours. */
export function pageRequest({ first, after }: PageArguments, byDefault: number, sortKey: SortKey = 'instant'): PageRequest {
  const size = first ?? byDefault;
  if (size < 1 || size > MAX_PAGE) throw badInput(`“first” is from 1 to ${MAX_PAGE}; this is ${size}.`);
  return { first: size, after: after == null ? null : decodeCursor(after, sortKey) };
}

/** `count` is called only when `totalCount` is selected. */
export function connection<Node>({ nodes, cursors, hasNextPage }: Page<Node>, { after }: PageRequest, count: () => Promise<number>): ConnectionOf<Node> {
  const edges = nodes.map((node, i) => ({ node, cursor: encodeCursor(cursors[i] ?? missingCursor(i)) }));
  return {
    edges,
    pageInfo: { hasNextPage, hasPreviousPage: after !== null, startCursor: edges[0]?.cursor ?? null, endCursor: edges.at(-1)?.cursor ?? null },
    totalCount: count,
  };
}

export function emptyConnection<Node>(page: PageRequest): ConnectionOf<Node> {
  return connection<Node>({ nodes: [], cursors: [], hasNextPage: false }, page, () => Promise.resolve(0));
}

export function encodeCursor({ key, id }: Cursor): string {
  return Buffer.from(JSON.stringify([key, id])).toString('base64url');
}

function decodeCursor(text: string, sortKey: SortKey): Cursor {
  const [key, id] = readPair(text);
  if (typeof key !== 'string' || typeof id !== 'string' || parseId(id) === null || !fits(key, sortKey)) throw badInput('“after” is no cursor of this list.');
  return { key, id };
}

function readPair(text: string): readonly unknown[] {
  try {
    const pair: unknown = JSON.parse(Buffer.from(text, 'base64url').toString());
    return Array.isArray(pair) && pair.length === 2 ? pair : [];
  } catch {
    return [];
  }
}

/** A cursor goes into a query as it comes, so it has to be exactly what we would have written. */
function fits(key: string, sortKey: SortKey): boolean {
  switch (sortKey) {
    case 'id': return parseId(key) !== null;
    case 'number': return /^(0|[1-9][0-9]{0,17})$/.test(key);
    case 'text': return filterText(key) != null;
    case 'instant': return isInstant(key);
  }
}

function isInstant(key: string): boolean {
  const instant = new Date(key);
  return /^[0-9]{4}-/.test(key) && key > '0001' && !Number.isNaN(instant.getTime()) && instant.toISOString() === key;
}

function missingCursor(index: number): never {
  throw new Error(`the page has no cursor for its entry ${index}`);
}
