import { SearchIndex } from './search-index';

const listing = (listingId: string, title: string, status = 'LIVE', tags: readonly string[] = []) => ({ listingId, title, status, tags });

describe('the search of the sandbox', () => {
  it('finds what is live by the beginnings of words, the better match first', () => {
    const index = new SearchIndex();
    index.put(listing('1', 'Knots for sailors'), 1);
    index.put(listing('2', 'Sailing', 'LIVE', ['knots']), 1);
    index.put(listing('3', 'Knots in secret', 'APPROVED'), 1);
    expect(index.find('kno')).toEqual(['1', '2']);
    expect(index.find('kno sailing')).toEqual(['2', '1']);
    expect(index.find('  ')).toEqual([]);
  });

  it('keeps the latest of what it is told, in whatever order', () => {
    const index = new SearchIndex();
    index.put(listing('1', 'Knots', 'ARCHIVED'), 3);
    index.put(listing('1', 'Knots'), 2);
    expect(index.find('knots')).toEqual([]);
  });
});
