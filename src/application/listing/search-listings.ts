import type { ListingId } from '../../domain/ids';
import type { ListingSearch } from '../ports/listing-search';
import type { Logger } from '../ports/logger';
import { NeighbourUnavailable } from '../ports/neighbour-unavailable';

export interface SearchDependencies {
  /** search-service; null: there is none here. */
  readonly service: ListingSearch | null;
  /** The database's own full text. */
  readonly own: ListingSearch;
  readonly logger: Logger;
}

/** Search-service where there is one; while it does not answer in time, and where there is none, our own full text. */
export function searchListings({ service, own, logger }: SearchDependencies) {
  return async (text: string): Promise<readonly ListingId[]> => {
    if (service === null) return own.find(text);
    try {
      return await service.find(text);
    } catch (error) {
      if (!(error instanceof NeighbourUnavailable)) throw error;
      logger.warn({ err: error }, 'search-service did not answer; the database searched instead');
      return own.find(text);
    }
  };
}
