import type { WitnessedPayment } from '../../support/sandbox-client';
import type { World } from '../../support/world';
import type { Day } from '../plan/calendar';

/** One period's order as it is stored. */
export interface SeenBill {
  readonly period: number;
  readonly orderId: string;
  readonly status: string;
  readonly totalMinor: string;
}

/** A subscription and its licence as they are stored, in days. */
export interface SeenSubscription {
  readonly id: string;
  readonly state: string;
  readonly license: string;
  readonly period: number;
  readonly cancelling: boolean;
  readonly periodStart: Day;
  readonly periodEnd: Day;
  readonly validUntil: Day;
  readonly nextRetry: Day | null;
  readonly graceEnd: Day | null;
  /** Whether all of its periods end, and its licence with them, at the very time of day at which it began. */
  readonly onTime: boolean;
  readonly bills: readonly SeenBill[];
}

const dayIn = (column: string) => `((${column} at time zone 'UTC')::date - date '1970-01-01')`;
const timeOf = (column: string) => `(${column} at time zone 'UTC')::time`;

const SUBSCRIPTIONS = `select s.id, s.state, l.state as license, s.period, s.cancel_at_period_end as cancelling, ${dayIn('s.current_period_start')} as "periodStart",
    ${dayIn('s.current_period_end')} as "periodEnd", ${dayIn('l.valid_until')} as "validUntil", ${dayIn('s.next_retry_at')} as "nextRetry", ${dayIn('s.grace_ends_at')} as "graceEnd",
    ${timeOf('s.current_period_end')} = ${timeOf('l.valid_from')} and ${timeOf('l.valid_until')} = ${timeOf('l.valid_from')}
      and coalesce(${timeOf('s.next_retry_at')} = ${timeOf('l.valid_from')}, true) as "onTime", periods.bills
  from marketplace.subscription s join marketplace.license l on l.id = s.license_id
    join (select sp.subscription_id, json_agg(json_build_object('period', sp.period, 'orderId', o.id, 'status', o.status, 'totalMinor', o.total_minor::text) order by sp.period) as bills
      from marketplace.subscription_period sp join marketplace.orders o on o.id = sp.order_id group by sp.subscription_id) periods on periods.subscription_id = s.id`;

export function seenSubscriptions(sql: World['sql']): Promise<SeenSubscription[]> {
  return sql<SeenSubscription>(SUBSCRIPTIONS);
}

/** Everything that billing has done, kept up to date by what has changed since the last look. */
export class BillingWitness {
  private readonly payments = new Map<string, Map<string, WitnessedPayment>>();
  private position = 0;

  constructor(private readonly sandboxUrl: string) {}

  async look(): Promise<void> {
    const answer = await fetch(`${this.sandboxUrl}/sandbox/billing/payments?changedAfter=${this.position}`);
    const { payments, position } = (await answer.json()) as { readonly payments: readonly (WitnessedPayment & { readonly orderId: string })[]; readonly position: number };
    for (const payment of payments) {
      const ofOrder = this.payments.get(payment.orderId) ?? new Map<string, WitnessedPayment>();
      this.payments.set(payment.orderId, ofOrder.set(payment.paymentId, payment));
    }
    this.position = position;
  }

  of(orderId: string): readonly WitnessedPayment[] {
    return [...(this.payments.get(orderId)?.values() ?? [])];
  }

  get orders(): readonly string[] {
    return [...this.payments.keys()];
  }
}
