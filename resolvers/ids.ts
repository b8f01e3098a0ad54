import type DataLoader from 'dataloader';
import { parseId } from '../src/domain/ids';

/** Loads by an id as it came from outside: one that is no UUID names nothing. */
export async function loadById<Id extends string, Value>(loader: DataLoader<Id, Value | null>, text: string): Promise<Value | null> {
  const id = parseId<Id>(text);
  return id === null ? null : loader.load(id);
}

/**
 * A filter's id: undefined where none is given, null where it can match nothing because it is no UUID.
 */
export function filterId<Id extends string>(text: string | null | undefined): Id | null | undefined {
  return text == null ? undefined : parseId<Id>(text);
}

/** A filter's text likewise: PostgreSQL can hold neither U+0000 nor half a surrogate pair, so nothing has such a text. */
export function filterText(text: string | null | undefined): string | null | undefined {
  if (text == null) return undefined;
  return text.includes('\u0000') || !text.isWellFormed() ? null : text;
}

/** The filter without what is not given; null: it can match nothing. */
export function filterOf<Filter extends object>(parts: { readonly [K in keyof Filter]-?: Filter[K] | null | undefined }): Filter | null {
  const entries = Object.entries(parts).filter(([, value]) => value !== undefined);
  return entries.some(([, value]) => value === null) ? null : (Object.fromEntries(entries) as Filter);
}
