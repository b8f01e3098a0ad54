import type { Behaviour } from '../behaviour/behaviour';
import { decide, evolve, openingStatus, refundableMinor, settlesByItself } from './payment';
import type { Payment, PaymentCommand, PaymentFact } from './payment';

const opened = (course: Behaviour['payment'], overrides: Partial<Payment> = {}): Payment => ({
  paymentId: 'payment-1',
  idempotencyKey: 'key-1',
  orderId: 'order-1',
  tenantId: 'tenant-1',
  currency: 'EUR',
  amountMinor: 4_900n,
  status: openingStatus(course, 'checkout'),
  course,
  taxRecordId: 'tax-1',
  refunds: [],
  ...overrides,
});

/** Applies the commands in turn; the facts of the last one, or its refusal's code. */
function when(payment: Payment, ...commands: PaymentCommand[]): { payment: Payment; outcome: readonly PaymentFact[] | string } {
  let outcome: readonly PaymentFact[] | string = [];
  for (const command of commands) {
    const decision = decide(payment, command);
    outcome = decision.kind === 'facts' ? decision.facts : decision.code;
    if (decision.kind === 'facts') payment = decision.facts.reduce(evolve, payment);
  }
  return { payment, outcome };
}

const settle: PaymentCommand = { type: 'settle' };
const cancel: PaymentCommand = { type: 'cancel', policy: 'accept' };
const refundOf = (amount: bigint | 'full', refundId = 'refund-1'): PaymentCommand => ({
  type: 'refund', refundId, idempotencyKey: `key-of-${refundId}`, amount, reason: 'requested',
});

describe('a payment that settles', () => {
  it.each([
    ['succeed', [{ type: 'succeeded', amountMinor: 4_900n }]],
    ['processing', [{ type: 'succeeded', amountMinor: 4_900n }]],
    ['wrong_amount', [{ type: 'succeeded', amountMinor: 4_901n }]],
    ['decline', [{ type: 'failed', code: 'card_declined', declineKind: 'soft' }]],
    ['decline_hard', [{ type: 'failed', code: 'stolen_card', declineKind: 'hard' }]],
  ] as const)('under %s ends as it should', (course, facts) => {
    expect(settlesByItself(course)).toBe(true);
    expect(when(opened(course), settle).outcome).toEqual(facts);
  });

  it.each(['manual', 'never', 'succeed_late'] as const)('under %s stays requires_action', (course) => {
    expect(settlesByItself(course)).toBe(false);
    expect(when(opened(course), settle).payment.status).toBe('requires_action');
  });

  it('happens once', () => {
    expect(when(opened('succeed'), settle, settle).outcome).toEqual([]);
  });

  it('starts out processing under processing, and where no buyer is there', () => {
    expect([openingStatus('processing', 'checkout'), openingStatus('succeed', 'off_session'), openingStatus('never', 'off_session')])
      .toEqual(['processing', 'processing', 'requires_action']);
  });
});

describe('the hosted page', () => {
  it('given an open payment, pay takes the money', () => {
    expect(when(opened('manual'), { type: 'choose', action: 'pay' }).payment.status).toBe('succeeded');
  });

  it('given an open payment, decline fails it softly', () => {
    expect(when(opened('manual'), { type: 'choose', action: 'decline' }).outcome).toMatchObject([{ declineKind: 'soft' }]);
  });

  it('given a cancelled payment, pay is refused', () => {
    expect(when(opened('manual'), cancel, { type: 'choose', action: 'pay' }).outcome).toBe('not-open');
  });
});

describe('cancelling', () => {
  it('given an open payment, it is cancelled and stays so', () => {
    const { payment } = when(opened('succeed'), cancel, settle);
    expect(payment.status).toBe('cancelled');
  });

  it('given the cancel is refused, the payment goes on', () => {
    const { outcome, payment } = when(opened('succeed'), { type: 'cancel', policy: 'refuse' });
    expect([outcome, when(payment, settle).payment.status]).toEqual(['cannot-cancel', 'succeeded']);
  });

  it('given a payment that succeeded, it is refused whatever the policy', () => {
    expect(when(opened('succeed'), settle, cancel).outcome).toBe('cannot-cancel');
  });

  it.each([[cancel], [settle]])('given a payment that is over without money, it is a success', (ending) => {
    expect(when(opened('decline'), ending, cancel).outcome).toEqual([]);
  });

  it('given succeed_late, the cancel is accepted and success is announced all the same', () => {
    const cancelled = when(opened('succeed_late'), cancel);
    expect(cancelled.payment.status).toBe('cancelled');
    expect(when(cancelled.payment, settle).outcome).toEqual([{ type: 'succeeded', amountMinor: 4_900n }]);
  });
});

describe('refunding', () => {
  const paid = (course: Behaviour['payment'] = 'succeed'): Payment => when(opened(course), settle).payment;
  const succeed: PaymentCommand = { type: 'settle-refund', refundId: 'refund-1', outcome: 'succeed' };
  const fail: PaymentCommand = { type: 'settle-refund', refundId: 'refund-1', outcome: 'fail' };

  it('given nothing was taken, it is refused', () => {
    expect(when(opened('never'), refundOf('full')).outcome).toBe('not-paid');
  });

  it('given a wrong amount was taken, full gives all of it back', () => {
    expect(when(paid('wrong_amount'), refundOf('full')).payment.refunds).toMatchObject([{ amountMinor: 4_901n, status: 'pending' }]);
  });

  it('counts what is pending: the sum never passes what was taken', () => {
    const { payment, outcome } = when(paid(), refundOf(4_000n), refundOf(901n, 'refund-2'));
    expect([outcome, refundableMinor(payment)]).toEqual(['refund-exceeds-payment', 900n]);
  });

  it('given a refund failed, its amount can be refunded again', () => {
    expect(refundableMinor(when(paid(), refundOf('full'), fail).payment)).toBe(4_900n);
  });

  it('settles once', () => {
    expect(when(paid(), refundOf('full'), succeed, fail).outcome).toEqual([]);
  });

  it('given everything was refunded, a further full refund is refused', () => {
    expect(when(paid(), refundOf('full'), succeed, refundOf('full', 'refund-2')).outcome).toBe('refund-exceeds-payment');
  });

  it('given a part was refunded, a dispute takes the rest without a key', () => {
    const { payment } = when(paid(), refundOf(900n), succeed, { type: 'dispute', refundId: 'refund-2' });
    expect(payment.refunds[1]).toEqual({ refundId: 'refund-2', amountMinor: 4_000n, reason: 'dispute', status: 'succeeded' });
  });
});
