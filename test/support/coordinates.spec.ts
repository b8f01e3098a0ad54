import { coordinatesIn, errorCodesIn } from './coordinates';

describe('the schema coordinates in an answer', () => {
  it('given values, lists, enums and fragments: names each that is neither null nor empty, by its own type', () => {
    const found = coordinatesIn(
      'query($id: ID!) { one: listing(id: $id) { ...Parts tagline tags plans(currency: "EUR") { prices { amount } } } } fragment Parts on Listing { status statusReason }',
      { id: '1' },
      { one: { status: 'LIVE', statusReason: null, tagline: '', tags: [], plans: [{ prices: [] }, { prices: [{ amount: '1.00' }] }] } },
    );
    expect(found.sort()).toEqual([
      'Listing.plans', 'Listing.plans(currency:)', 'Listing.status', 'Listing.tagline', 'ListingStatus.LIVE', 'Money.amount', 'PricingPlan.prices', 'Query.listing', 'Query.listing(id:)',
    ]);
  });

  it('given entities: believes their type name', () => {
    const text = 'query($r: [_Any!]!) { _entities(representations: $r) { __typename ... on Course { purchasable } ... on Seat { state } } }';
    expect(coordinatesIn(text, {}, { _entities: [{ __typename: 'Course', purchasable: false }, null, { __typename: 'Seat', state: 'ASSIGNED' }] }))
      .toEqual(['Course.purchasable', 'Seat.state', 'SeatState.ASSIGNED']);
  });

  it('given input objects: names the fields that were used', () => {
    const found = coordinatesIn('query($input: QuoteInput!) { quote(input: $input) { __typename } }', { input: { currency: 'EUR', lines: [{ pricingPlanId: '1', learnerIds: [] }] } }, { quote: { __typename: 'Quote' } });
    expect(found.sort()).toEqual(['OrderLineInput.pricingPlanId', 'Query.quote', 'Query.quote(input:)', 'QuoteInput.currency', 'QuoteInput.lines']);
  });

  it('given fields of other subgraphs: finds ours behind them', () => {
    expect(coordinatesIn('{ course(id: "1") { purchasable } }', {}, { course: { purchasable: true } })).toContain('Course.purchasable');
  });

  it('given a failed operation or one that nobody can read: nothing but its error’s code', () => {
    expect(coordinatesIn('{ listing(id: "1") { id } }', {}, null)).toEqual([]);
    expect(coordinatesIn('{ listing(', {}, {})).toEqual([]);
    expect(errorCodesIn({ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }, {}] })).toEqual(['error:UNAUTHENTICATED']);
  });
});
