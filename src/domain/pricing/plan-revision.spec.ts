import fc from 'fast-check';
import { aPlan, EUR, USD } from '../../../test/support/listing-examples';
import { type CurrencyCode, money } from '../money';
import { decideRevision } from './plan-revision';

const PACK = aPlan({ revision: 3, prices: [money(24_050n, EUR), money(25_000n, USD)], terms: { kind: 'SEAT_PACK', name: 'Team', seatsIncluded: 10, accessDays: 365, seatReassignmentLimit: 2 } });

describe('a revision of a plan', () => {
  it('changes what it names and keeps the rest', () => {
    expect(decideRevision(PACK, { prices: [{ amount: '199', currency: 'EUR' }] })).toEqual({ ok: true, plan: { ...PACK, revision: 4, prices: [money(19_900n, EUR)] } });
    expect(decideRevision(PACK, { name: ' Crew ', refundPolicy: { windowDays: 30, partial: false }, seatReassignmentLimit: null })).toEqual({
      ok: true, plan: { ...PACK, revision: 4, terms: { ...PACK.terms, name: 'Crew', refundPolicy: { windowDays: 30, partial: false }, seatReassignmentLimit: null } },
    });
  });

  it('is held to the rules of a new plan, all problems at once', () => {
    const decision = decideRevision(PACK, { name: '', prices: [], refundPolicy: { windowDays: 366, partial: true } });
    expect(decision.ok ? [] : decision.problems.map(({ path }) => path.join('.'))).toEqual(['name', 'prices', 'refundPolicy.windowDays']);
  });

  it('that names nothing keeps every amount to the minor unit, in any currency', () => {
    const prices = fc.uniqueArray(fc.constantFrom('EUR', 'JPY', 'KWD', 'USD'), { minLength: 1 })
      .chain((codes) => fc.tuple(...codes.map((code) => fc.bigInt(0n, 10n ** 12n).map((amount) => money(amount, code as CurrencyCode)))));
    fc.assert(fc.property(prices, (amounts) => {
      const plan = aPlan({ prices: amounts });
      expect(decideRevision(plan, {})).toEqual({ ok: true, plan: { ...plan, revision: 2 } });
    }));
  });
});
