import { dayOf, textOf } from '../plan/calendar';
import type { Answer, Deed, Fate } from '../plan/fate';
import type { Account } from './account';
import { begin } from './begin';
import { earnedOn, earningsOf, halfUp } from './earnings';
import { deedOn, morning } from './morning';
import { noon } from './noon';

const START = dayOf(2031, 1, 31);
const DUE = dayOf(2031, 2, 28);

function fate(answers: readonly Answer[] = ['pays'], wishes: readonly (readonly [day: number, deed: Deed])[] = [], more: Partial<Fate> = {}): Fate {
  return {
    index: 0, startsOn: START, rhythm: 'monthly', provider: 0, currency: 'EUR', quantity: 1, coupon: null, seated: false,
    answers: [answers], wishes: wishes.map(([day, deed]) => ({ day, deed })), ...more,
  };
}

/** The evening of so many days after the first period's end. */
function evening(of: Fate, days: number): Account {
  let account = begin(of);
  for (let day = of.startsOn; day <= DUE + days; day++) {
    const deed = deedOn(account, day);
    account = noon(deed ? morning(account, deed, day) : account, day);
  }
  return account;
}
const look = ({ state, license, periodEnd, validUntil, bills }: Account) => {
  const bill = bills.at(-1);
  return [state, license, textOf(periodEnd), textOf(validUntil), bill?.status, `${bill?.taken}/${bill?.declined}/${bill?.closed}`];
};

describe('given billing’s answers', () => {
  it.each<[string, readonly Answer[], number, unknown[]]>([
    ['it pays', ['pays'], 0, ['ACTIVE', 'ACTIVE', '2031-03-31', '2031-03-31', 'FULFILLED', '1/0/0']],
    ['soft at first', ['soft'], 0, ['PAST_DUE', 'GRACE', '2031-02-28', '2031-02-28', 'AWAITING_PAYMENT', '0/1/0']],
    ['soft until day 5, which counts for the old end', ['soft', 'soft', 'soft', 'pays'], 5, ['ACTIVE', 'ACTIVE', '2031-03-31', '2031-03-31', 'FULFILLED', '1/3/0']],
    ['soft on day 7 too', ['soft'], 7, ['PAST_DUE', 'SUSPENDED', '2031-02-28', '2031-02-28', 'AWAITING_PAYMENT', '0/5/0']],
    ['paid on day 7, before it would be suspended', ['soft', 'soft', 'soft', 'soft', 'pays'], 7, ['ACTIVE', 'ACTIVE', '2031-03-31', '2031-03-31', 'FULFILLED', '1/4/0']],
    ['hard: nobody asks again', ['hard'], 13, ['PAST_DUE', 'SUSPENDED', '2031-02-28', '2031-02-28', 'AWAITING_PAYMENT', '0/1/0']],
    ['soft, then hard', ['soft', 'hard'], 6, ['PAST_DUE', 'GRACE', '2031-02-28', '2031-02-28', 'AWAITING_PAYMENT', '0/2/0']],
    ['hard until day 14', ['hard'], 14, ['EXPIRED', 'EXPIRED', '2031-02-28', '2031-02-28', 'FAILED', '0/1/0']],
  ])('%s', (_, answers, days, expected) => {
    expect(look(evening(fate(answers), days))).toEqual(expected);
  });
});

describe('given what people do', () => {
  it.each<[string, Fate, number, unknown[]]>([
    ['paid by hand on day 9', fate(['hard'], [[DUE + 9, 'pay']]), 9, ['ACTIVE', 'ACTIVE', '2031-03-31', '2031-03-31', 'FULFILLED', '1/1/0']],
    ['a page that is left is closed by the next try', fate(['soft'], [[DUE + 2, 'abandon']]), 3, ['PAST_DUE', 'GRACE', '2031-02-28', '2031-02-28', 'AWAITING_PAYMENT', '0/3/1']],
    ['a page that is left is closed when it expires', fate(['hard'], [[DUE + 2, 'abandon']]), 14, ['EXPIRED', 'EXPIRED', '2031-02-28', '2031-02-28', 'FAILED', '0/1/1']],
    ['declined at the page', fate(['hard'], [[DUE + 2, 'decline']]), 2, ['PAST_DUE', 'GRACE', '2031-02-28', '2031-02-28', 'AWAITING_PAYMENT', '0/2/0']],
    ['cancelled in time', fate(['pays'], [[START + 3, 'cancel']]), 0, ['CANCELLED', 'EXPIRED', '2031-02-28', '2031-02-28', 'FULFILLED', '1/0/0']],
    ['cancelled and resumed', fate(['pays'], [[START + 3, 'cancel'], [START + 9, 'resume']]), 0, ['ACTIVE', 'ACTIVE', '2031-03-31', '2031-03-31', 'FULFILLED', '1/0/0']],
    ['cancelled while past due', fate(['soft'], [[DUE + 2, 'cancel']]), 2, ['CANCELLED', 'EXPIRED', '2031-02-28', '2031-02-28', 'FAILED', '0/2/0']],
    ['the renewal given back', fate(['pays'], [[DUE + 5, 'refund']]), 5, ['CANCELLED', 'EXPIRED', '2031-03-31', '2031-02-28', 'REFUNDED', '1/0/0']],
    ['the renewal disputed', fate(['pays'], [[DUE + 20, 'dispute']]), 20, ['CANCELLED', 'REVOKED', '2031-03-31', '2031-02-28', 'REFUNDED', '1/0/0']],
    ['the first order given back', fate(['pays'], [[START + 5, 'refund']]), 5, ['CANCELLED', 'REVOKED', '2031-02-28', '2031-02-28', 'REFUNDED', '1/0/0']],
    ['too late for a refund', fate(['pays'], [[DUE + 14, 'refund']]), 14, ['ACTIVE', 'ACTIVE', '2031-03-31', '2031-03-31', 'FULFILLED', '1/0/0']],
    ['the first order disputed in the middle of dunning', fate(['soft'], [[DUE + 2, 'dispute']]), 3, ['CANCELLED', 'REVOKED', '2031-02-28', '2031-02-28', 'FAILED', '0/2/0']],
  ])('%s', (_, of, days, expected) => {
    expect(look(evening(of, days))).toEqual(expected);
  });

  it('a trial costs nothing, ends after its days, and the first paid period keeps their day', () => {
    const trial = fate(['pays'], [], { rhythm: 'trial', startsOn: dayOf(2031, 2, 1) });
    expect(look(begin(trial))).toEqual(['TRIALING', 'ACTIVE', '2031-02-15', '2031-02-15', 'FULFILLED', '1/0/0']);
    expect(begin(trial).bills[0]?.totalMinor).toBe(0n);
    expect(look(evening(trial, 0)).slice(0, 4)).toEqual(['ACTIVE', 'ACTIVE', '2031-03-15', '2031-03-15']);
  });
});

describe('what a provider earns', () => {
  it('is gross less 15 %, half up', () => {
    expect([halfUp(5n, 10n), halfUp(4n, 10n), halfUp(29_985n, 100n)]).toEqual([1n, 0n, 300n]);
    expect(begin(fate()).bills.map(earnedOn)).toEqual([1_699n]);
  });

  it('a platform’s coupon costs it nothing, its own does', () => {
    const [platform, own] = (['PLATFORM', 'PROVIDER'] as const).map((coupon) => begin(fate(['pays'], [], { coupon })).bills[0]);
    expect([platform?.totalMinor, platform && earnedOn(platform)]).toEqual([1_499n, 1_699n]);
    expect([own?.totalMinor, own && earnedOn(own)]).toEqual([1_599n, 1_359n]);
  });

  it('what goes back is taken back in proportion, and nothing is left of what is disputed after that', () => {
    const one = evening(fate(['pays'], [[DUE + 3, 'goodwill']]), 3);
    expect(earningsOf([one]).get('0 EUR')).toBe(1_699n + 1_699n - (400n - 60n));
    expect(earningsOf([evening(fate(['pays'], [[DUE + 3, 'goodwill'], [DUE + 6, 'dispute']]), 6)]).get('0 EUR')).toBe(1_699n);
  });
});
