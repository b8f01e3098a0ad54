import * as fc from 'fast-check';
import { aPlan, EUR } from '../../../test/support/listing-examples';
import { money } from '../money';
import { priceLine, seatsOf, totalsOf } from './quote';

const price = (minor: bigint, quantity: number) => priceLine(aPlan(), quantity, [], money(minor, EUR));

it('a line costs its unit price times its quantity', () => {
  expect(price(3333n, 3)).toMatchObject({ subtotal: money(9999n, EUR), discount: money(0n, EUR), total: money(9999n, EUR) });
});

it('an order costs what its lines cost, to the minor unit', () => {
  fc.assert(fc.property(fc.array(fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 12n }), fc.integer({ min: 1, max: 1_000 })), { maxLength: 50 }), (wanted) => {
    const lines = wanted.map(([minor, quantity]) => price(minor, quantity));
    const totals = totalsOf(lines, EUR);
    const exact = wanted.reduce((left, [minor, quantity]) => left + minor * BigInt(quantity), 0n);
    expect(totals).toEqual({ subtotal: money(exact, EUR), discount: money(0n, EUR), total: money(exact, EUR) });
    expect(exact).toBeLessThan(2n ** 63n); // whatever is asked for fits the database
  }));
});

it('nothing costs nothing', () => {
  expect(totalsOf([], EUR).total).toEqual(money(0n, EUR));
});

it.each([[1, 1, 1], [10, 2, 20], [null, 3, null]] as const)('a plan with %s seats, %i times, has %s', (seatsIncluded, quantity, seats) => {
  expect(seatsOf(aPlan({ terms: { seatsIncluded } }).terms, quantity)).toBe(seats);
});
