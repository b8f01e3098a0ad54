import { GraphQLError } from 'graphql';
import { connection, emptyConnection, encodeCursor, pageRequest } from './paging';

const ID = '0197d7a0-0000-7000-8000-0000000000a1';
const AT = { key: '2026-03-01T12:30:00.000Z', id: ID };
const NEVER = (): Promise<number> => Promise.reject(new Error('nobody asked for the count'));

describe('a page request', () => {
  it('takes the default where “first” is left out or null', () => {
    expect(pageRequest({}, 20)).toEqual({ first: 20, after: null });
    expect(pageRequest({ first: null, after: null }, 20)).toEqual({ first: 20, after: null });
  });

  it.each([0, -1, 101, 2_147_483_647])('refuses a “first” of %p', (first) => {
    expect(() => pageRequest({ first }, 20)).toThrow(expect.objectContaining({ extensions: { code: 'BAD_USER_INPUT' } }) as GraphQLError);
  });

  it('reads a cursor back as it was written', () => {
    expect(pageRequest({ after: encodeCursor(AT) }, 20).after).toEqual(AT);
    expect(pageRequest({ after: encodeCursor({ key: ID, id: ID }) }, 20, 'id').after).toEqual({ key: ID, id: ID });
    expect(pageRequest({ after: encodeCursor({ key: '4900', id: ID }) }, 20, 'number').after).toEqual({ key: '4900', id: ID });
    expect(pageRequest({ after: encodeCursor({ key: 'Knöts "1"', id: ID }) }, 20, 'text').after).toEqual({ key: 'Knöts "1"', id: ID });
  });

  it.each([
    ['no base64', '%%%'],
    ['no JSON', Buffer.from('x').toString('base64url')],
    ['no pair', Buffer.from('["a"]').toString('base64url')],
    ['an id that is none', encodeCursor({ ...AT, id: 'x' })],
    ['an instant that is none', encodeCursor({ ...AT, key: 'now' })],
    ['an instant written otherwise', encodeCursor({ ...AT, key: '2026-03-01' })],
    ['a year that PostgreSQL does not know', encodeCursor({ ...AT, key: '0000-01-01T00:00:00.000Z' })],
    ['a cursor of another list', encodeCursor({ key: ID, id: ID })],
  ])('refuses a cursor with %s', (_what, after) => {
    expect(() => pageRequest({ after }, 20)).toThrow('“after” is no cursor of this list.');
  });
});

describe('a cursor of another order', () => {
  it.each(['4.5', '-1', '1e3', '', '9'.repeat(19), AT.key])('is refused where numbers count: %p', (key) => {
    expect(() => pageRequest({ after: encodeCursor({ key, id: ID }) }, 20, 'number')).toThrow('“after” is no cursor of this list.');
  });

  it('is refused where texts count and this is none that can be stored', () => {
    expect(() => pageRequest({ after: encodeCursor({ key: 'a\u0000', id: ID }) }, 20, 'text')).toThrow('“after” is no cursor of this list.');
  });
});

describe('a connection', () => {
  it('names its first and last entry and what lies around', () => {
    const page = { nodes: ['a', 'b'], cursors: [AT, { ...AT, key: '2026-02-01T00:00:00.000Z' }], hasNextPage: true };
    const { edges, pageInfo } = connection(page, { first: 2, after: AT }, NEVER);
    expect(edges.map(({ node }) => node)).toEqual(['a', 'b']);
    expect(pageInfo).toEqual({ hasNextPage: true, hasPreviousPage: true, startCursor: edges[0]?.cursor, endCursor: edges[1]?.cursor });
  });

  it('given nothing can match, is empty without a question to the database', async () => {
    const { edges, pageInfo, totalCount } = emptyConnection({ first: 2, after: null });
    expect([edges, pageInfo, await totalCount()]).toEqual([[], { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null }, 0]);
  });
});
