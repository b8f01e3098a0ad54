import type { ListingId } from '../../domain/ids';
import type { ListingSearch } from '../ports/listing-search';
import { NeighbourUnavailable } from '../ports/neighbour-unavailable';
import { searchListings } from './search-listings';

const [THEIRS, OURS] = ['theirs', 'ours'] as ListingId[];
const own: ListingSearch = { find: () => Promise.resolve([OURS as ListingId]) };
const answering: ListingSearch = { find: () => Promise.resolve([THEIRS as ListingId]) };
const failing = (error: Error): ListingSearch => ({ find: () => Promise.reject(error) });
const logger = { debug: jest.fn(), info: jest.fn(), warn: jest.fn(), error: jest.fn() };

describe('a search', () => {
  it('is answered by search-service where there is one, and by the database where there is none', async () => {
    expect(await searchListings({ service: answering, own, logger })('knots')).toEqual([THEIRS]);
    expect(await searchListings({ service: null, own, logger })('knots')).toEqual([OURS]);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('is answered by the database while search-service is away, and the log says so', async () => {
    expect(await searchListings({ service: failing(new NeighbourUnavailable('search-service', 'no answer within 1000 ms')), own, logger })('knots')).toEqual([OURS]);
    expect(logger.warn).toHaveBeenCalledTimes(1);
  });

  it('hides no mistake of ours', async () => {
    await expect(searchListings({ service: failing(new TypeError('x')), own, logger })('knots')).rejects.toThrow(TypeError);
  });
});
