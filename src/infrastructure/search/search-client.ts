import { z } from 'zod';
import type { ListingSearch } from '../../application/ports/listing-search';
import { NeighbourUnavailable } from '../../application/ports/neighbour-unavailable';
import { type ListingId, parseId } from '../../domain/ids';
import { getJson, type NeighbourAddress } from '../neighbours/get-json';

/** Ids taken of one answer, at most: they go into a statement. */
export const MAX_HITS = 500;
/** A shopper waits no longer for better results than the database has. */
const TIMEOUT_MS = 1_000;

const hits = z.object({ ids: z.array(z.string()) });

/** search-service over HTTP (contract: neighbours). */
export class SearchClient implements ListingSearch {
  private readonly address: NeighbourAddress;

  /** @param baseUrl `SEARCH_URL` */
  constructor(baseUrl: string, timeoutMs = TIMEOUT_MS) {
    this.address = { name: 'search-service', baseUrl, timeoutMs };
  }

  async find(text: string): Promise<readonly ListingId[]> {
    const answer = await getJson(this.address, `/api/v1/search/listings?${new URLSearchParams({ q: text, first: `${MAX_HITS}` })}`, hits);
    if (answer === null) throw new NeighbourUnavailable(this.address.name, 'has no search for listings at this address');
    const ids = answer.ids.map((id) => parseId<ListingId>(id)).filter((id) => id !== null);
    return [...new Set(ids)].slice(0, MAX_HITS);
  }
}
