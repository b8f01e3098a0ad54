import fc from 'fast-check';
import type { OrderId, OrderLineId } from '../ids';
import { money, parseCurrency } from '../money';
import type { CurrencyCode } from '../money';
import type { OrderLine } from '../order/order';
import { operatorRefund, policyRefund, unaskedRefund } from './refund-plan';
import { leftMinor, refundabilityOf, ruleAmountMinor } from './refundability';
import type { LineFacts, RefundableLine } from './refundability';
import { statusAfterRefunds } from './status-after';

const EUR = parseCurrency('EUR') as CurrencyCode;
const FULFILLED = new Date('2026-03-01T10:00:00.000Z');
const DAY = 24 * 60 * 60 * 1_000;
const order = { fulfilledAt: FULFILLED, currency: EUR };
const soon = new Date(FULFILLED.getTime() + DAY);

interface Bought extends Partial<Omit<LineFacts, 'orderId' | 'lineId'>> {
  readonly total?: bigint;
  readonly windowDays?: number;
  readonly partial?: boolean;
}
let next = 0;
function bought({ total = 25_000n, windowDays = 14, partial = true, ...facts }: Bought = {}): RefundableLine {
  const id = `line-${++next}` as OrderLineId;
  const terms = { name: 'Pack', kind: 'SEAT_PACK', seatsIncluded: 10, accessDays: null, perpetualOffline: false, trialDays: 0, refundPolicy: { windowDays, partial }, seatReassignmentLimit: null } as const;
  const line = { id, terms, total: money(total, EUR) } as unknown as OrderLine;
  return { line, facts: { orderId: 'order' as OrderId, lineId: id, seatsTotal: 10, seatsConsumed: 0, seatsTakenBack: 0, refundedMinor: 0n, settledMinor: 0n, refundOpen: false, ...facts } };
}
const judged = (line: Bought, now = soon) => refundabilityOf(order, [bought(line)], now);
const answer = (line: Bought, now = soon) => {
  const { amount, lines } = judged(line, now);
  return [amount.amountMinor, ...(lines[0]?.reasons ?? [])];
};

describe('what can be given back of a line', () => {
  it.each<[string, Bought, readonly unknown[]]>([
    ['nothing consumed', {}, [25_000n]],
    ['a 10-seat pack for 250.00, 3 consumed', { seatsConsumed: 3 }, [17_500n]],
    ['the same, its 7 others taken back before', { seatsConsumed: 3, seatsTakenBack: 7, refundedMinor: 17_500n }, [0n, 'SEATS_CONSUMED']],
    ['a 3-seat pack for 100.00, 1 consumed: rounded down', { total: 10_000n, seatsTotal: 3, seatsConsumed: 1 }, [6_666n]],
    ['some consumed without partial refunds', { seatsConsumed: 1, partial: false }, [0n, 'SEATS_CONSUMED']],
    ['a site licence with a seat consumed', { seatsTotal: null, seatsConsumed: 1 }, [0n, 'SEATS_CONSUMED']],
    ['a site licence that nobody has used', { seatsTotal: null }, [25_000n]],
    ['goodwill given before: never above what is left', { refundedMinor: 20_000n, seatsConsumed: 3 }, [5_000n]],
    ['all of it given back', { refundedMinor: 25_000n }, [0n, 'ALREADY_REFUNDED']],
    ['a refund under way', { refundOpen: true, refundedMinor: 100n }, [0n, 'REFUND_IN_PROGRESS']],
    ['windowDays 0', { windowDays: 0 }, [0n, 'PLAN_NOT_REFUNDABLE']],
    ['nothing paid', { total: 0n }, [0n, 'PLAN_NOT_REFUNDABLE']],
  ])('given %s', (_, line, expected) => {
    expect(answer(line)).toEqual(expected);
  });

  it('until its deadline, to the millisecond', () => {
    const deadline = new Date(FULFILLED.getTime() + 14 * DAY);
    expect(answer({}, deadline)).toEqual([25_000n]);
    expect(answer({}, new Date(deadline.getTime() + 1))).toEqual([0n, 'DEADLINE_PASSED']);
    expect(judged({}).lines[0]?.deadline).toEqual(deadline);
    expect(judged({ windowDays: 0 }).lines[0]?.deadline).toBeNull();
  });

  it('not before it is fulfilled', () => {
    expect(refundabilityOf({ ...order, fulfilledAt: null }, [bought()], soon)).toMatchObject({ eligible: false, lines: [{ reasons: ['NOT_FULFILLED'], deadline: null }] });
  });
});

describe('the explanation', () => {
  it('says how much, until when, and what is not returned', () => {
    expect(judged({ seatsConsumed: 3 }).explanation).toBe('175.00 EUR can be returned until 2026-03-15 10:00 UTC. 3 seats have been used and are not returned.');
    expect(refundabilityOf(order, [bought(), bought({ windowDays: 0 })], soon).explanation).toContain('1 of 2 lines cannot be given back.');
  });

  it('says why not', () => {
    expect(judged({ windowDays: 0 }).explanation).toBe('What was bought cannot be given back under its terms.');
    expect(judged({ refundOpen: true }).explanation).toMatch(/under way/);
  });
});

describe('how refunds are spread', () => {
  const [a, b] = [bought({ total: 1_000n }), bought({ total: 2_001n })];

  it('given an operator’s amount: by what is left, to the cent, money only', () => {
    expect(operatorRefund([a, b], 500n, EUR)?.map((line) => [line.amount.amountMinor, line.seats])).toEqual([[167n, 'NONE'], [333n, 'NONE']]);
    expect(operatorRefund([a, b], 3_001n, EUR)?.map((line) => [line.amount.amountMinor, line.seats])).toEqual([[1_000n, 'ALL'], [2_001n, 'ALL']]);
    expect(operatorRefund([a, b], 3_002n, EUR)).toBeNull();
  });

  it('given a policy refund: the seats never consumed, or all where nothing of the line is left', () => {
    const lines = [bought({ seatsConsumed: 3 }), bought(), bought({ seatsConsumed: 3, refundedMinor: 20_000n })];
    expect(policyRefund(lines, refundabilityOf(order, lines, soon).lines).map((line) => line.seats)).toEqual(['UNCONSUMED', 'ALL', 'ALL']);
  });

  it('given unasked money: over what has not settled, the rest is excess; a dispute or all of it takes back', () => {
    const open = bought({ total: 1_000n, refundedMinor: 1_000n, refundOpen: true });
    expect(unaskedRefund([open], 400n, EUR, false)).toMatchObject({ lines: [{ amount: { amountMinor: 400n } }], excess: { amountMinor: 0n }, takesBack: false });
    expect(unaskedRefund([open], 400n, EUR, true)).toMatchObject({ takesBack: true });
    expect(unaskedRefund([open], 1_200n, EUR, false)).toMatchObject({ lines: [{ amount: { amountMinor: 1_000n } }], excess: { amountMinor: 200n }, takesBack: true });
  });

  it.each([[0n, 'FULFILLED'], [1n, 'PARTIALLY_REFUNDED'], [4_899n, 'PARTIALLY_REFUNDED'], [4_900n, 'REFUNDED'], [5_000n, 'REFUNDED']])('given %s of 4900 settled: %s', (settled, status) => {
    expect(statusAfterRefunds(4_900n, settled)).toBe(status);
  });
});

describe('for any line', () => {
  const lines = fc.record({
    total: fc.bigInt(0n, 1_000_000n), seats: fc.integer({ min: 1, max: 50 }), consumed: fc.integer({ min: 0, max: 50 }), taken: fc.integer({ min: 0, max: 50 }), refunded: fc.bigInt(0n, 1_000_000n),
    partial: fc.boolean(), unlimited: fc.boolean(),
  }).map(({ total, seats, consumed, taken, refunded, partial, unlimited }) => {
    const seatsConsumed = Math.min(consumed, seats);
    const refundedMinor = refunded < total ? refunded : total;
    return bought({ total, partial, seatsTotal: unlimited ? null : seats, seatsConsumed, seatsTakenBack: Math.min(taken, seats - seatsConsumed), refundedMinor, settledMinor: refundedMinor });
  });

  it('what is given back is never negative, never above what is left, nor above the unconsumed share', () => {
    fc.assert(fc.property(lines, (line) => {
      const { amount, eligible } = refundabilityOf(order, [line], soon);
      expect(amount.amountMinor >= 0n && amount.amountMinor <= leftMinor(line) && amount.amountMinor <= ruleAmountMinor(line)).toBe(true);
      expect(eligible).toBe(amount.amountMinor > 0n);
    }));
  });

  it('asking again and again never gives more than was paid, and ends', () => {
    fc.assert(fc.property(lines, (first) => {
      let line = first;
      for (let round = 0; round < 3; round++) {
        const { amount } = refundabilityOf(order, [line], soon);
        const { seatsTotal, seatsConsumed } = line.facts;
        const refundedMinor = line.facts.refundedMinor + amount.amountMinor;
        line = { ...line, facts: { ...line.facts, refundedMinor, settledMinor: refundedMinor, seatsTakenBack: amount.amountMinor > 0n ? (seatsTotal ?? 0) - seatsConsumed : line.facts.seatsTakenBack } };
      }
      expect(line.facts.refundedMinor <= line.line.total.amountMinor).toBe(true);
      expect(refundabilityOf(order, [line], soon).eligible).toBe(false);
    }));
  });

  it('unasked money is spread and exceeds to the cent, and no line passes its total', () => {
    fc.assert(fc.property(fc.array(lines, { minLength: 1, maxLength: 6 }), fc.bigInt(1n, 5_000_000n), (many, amount) => {
      const plan = unaskedRefund(many, amount, EUR, false);
      expect(plan.lines.reduce((sum, line) => sum + line.amount.amountMinor, 0n) + plan.excess.amountMinor).toBe(amount);
      for (const { lineId, amount: part } of plan.lines) {
        const line = many.find((one) => one.line.id === lineId);
        expect(part.amountMinor <= (line?.line.total.amountMinor ?? 0n) - (line?.facts.settledMinor ?? 0n)).toBe(true);
      }
    }));
  });
});
