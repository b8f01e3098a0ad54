import type { ListingId } from '../../domain/ids';

export interface ListingSearch {
  /**
   * Live listings for words as a shopper types them, best first. They may be out of date and are read again in the
   * caller's name: a hit says "looks right", never "may be seen".
   * @throws NeighbourUnavailable where another service is asked
   */
  find(text: string): Promise<readonly ListingId[]>;
}
