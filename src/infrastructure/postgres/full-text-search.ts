import { ANONYMOUS } from '../../application/actor';
import type { ListingSearch } from '../../application/ports/listing-search';
import type { UnitOfWork } from '../../application/ports/unit-of-work';
import type { ListingId } from '../../domain/ids';
import { inside } from './transaction';

/** Ours are ids of live listings, so more of them are affordable than of a neighbour's answer. */
const MAX_HITS = 2_000;

/** PostgreSQL's full text over live listings: whole words of title and tags before tagline before description. */
export class FullTextSearch implements ListingSearch {
  constructor(private readonly unitOfWork: UnitOfWork) {}

  async find(text: string): Promise<readonly ListingId[]> {
    const rows = await this.unitOfWork.run(ANONYMOUS, (tx) =>
      inside(tx).prepared<{ id: ListingId }>('search-live-listings', 'select id from marketplace.search_live_listings($1, $2)', [text, MAX_HITS]));
    return rows.map(({ id }) => id);
  }
}
