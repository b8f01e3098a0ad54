import type { EventEnvelope } from '../events/event-envelope';
import type { Neighbour } from '../neighbour';
import { SearchIndex } from './search-index';

const PAGE = 100;

/** search-service: knows of listings what `listing.approved` and `listing.suspended` say, and no other event. */
export function search(): Neighbour {
  const index = new SearchIndex();
  return {
    prefix: '/search',
    api: async (app) => {
      app.get<{ Querystring: { q?: string; first?: string; after?: string } }>('/api/v1/search/listings', async ({ query }) => {
        const ids = index.find(query.q ?? '');
        const from = query.after === undefined ? 0 : ids.indexOf(query.after) + 1;
        return { ids: ids.slice(from, from + Number(query.first ?? PAGE)) };
      });
    },
    onMarketplaceEvent: ({ type, data, aggregateversion }: EventEnvelope) => {
      if (type === 'marketplace.listing.approved.v1' || type === 'marketplace.listing.suspended.v1') index.put(data, Number(aggregateversion));
    },
  };
}
