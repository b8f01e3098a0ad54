import { PAYOUT_CONTRADICTIONS } from '../../support/payable-providers';
import type { WitnessedTransfer } from '../../support/sandbox-client';
import type { World } from '../../support/world';
import type { Earnings } from '../reckoning/earnings';

/** What the ledger and the payouts say of one provider in one currency, minor units. */
export interface Balance {
  readonly provider: string;
  readonly currency: string;
  /** By sales, less what went back. */
  readonly earned: string;
  /** By the side of the ledger that owes it. */
  readonly owed: string;
  /** By the sources of payouts that live. */
  readonly paidOut: string;
}

export interface Books {
  /** Sums of the whole ledger by currency that are not zero, entries that tip, payouts that do not add up. */
  readonly tipped: readonly string[];
  readonly balances: readonly Balance[];
  readonly payouts: readonly { readonly id: string; readonly status: string; readonly amount: string; readonly currency: string; readonly converted: string }[];
}

const BALANCES = `with entry as (
    select e.provider_tenant_id as provider, e.currency, coalesce(sum(e.net_minor) filter (where e.payout_id is null), 0) as earned
    from marketplace.journal_entry e where e.provider_tenant_id is not null group by 1, 2),
  owed as (
    select e.provider_tenant_id as provider, p.currency, -sum(p.amount_minor) as owed from marketplace.journal_posting p join marketplace.journal_entry e on e.id = p.entry_id
    where p.account = 'provider_payable' group by 1, 2),
  paid as (
    select s.provider_tenant_id as provider, s.currency, sum(s.balance_minor) as paid from marketplace.payout_source s join marketplace.payout o on o.id = s.payout_id
    where o.status <> 'FAILED' group by 1, 2)
  select provider, currency, coalesce(earned, 0)::text as earned, coalesce(owed, 0)::text as owed, coalesce(paid, 0)::text as "paidOut"
  from entry full join owed using (provider, currency) full join paid using (provider, currency)`;

const TIPPED = `${PAYOUT_CONTRADICTIONS}
  union all select 'the ledger sums to ' || sum(amount_minor) || ' ' || currency from marketplace.journal_posting group by currency having sum(amount_minor) <> 0`;

const PAYOUTS = `select o.id, o.status, o.amount_minor::text as amount, o.currency, coalesce(sum(s.converted_minor), 0)::text as converted
  from marketplace.payout o left join marketplace.payout_source s on s.payout_id = o.id group by o.id`;

export async function readBooks(sql: World['sql']): Promise<Books> {
  const tipped = (await sql<{ what: string }>(TIPPED)).map(({ what }) => what);
  return { tipped, balances: await sql<Balance>(BALANCES), payouts: await sql<Books['payouts'][number]>(PAYOUTS) };
}

/**
 * Every way in which the books contradict the reckoning, themselves or Stripe: the ledger sums to zero, each provider
 * earned what it should, payouts and balance are the earnings, and each payout is one transfer. `providers`: tenant ids in the plan's order.
 */
export function bookContradictions({ tipped, balances, payouts }: Books, expected: Earnings, providers: readonly string[], transfers: readonly WitnessedTransfer[]): string[] {
  const seen = new Map(balances.map((balance) => [`${providers.indexOf(balance.provider)} ${balance.currency}`, balance]));
  const keys = new Set([...expected.keys(), ...seen.keys()]);
  const earned = [...keys].flatMap((key) => {
    const is = BigInt(seen.get(key)?.earned ?? '0');
    const should = expected.get(key) ?? 0n;
    return is === should ? [] : [`provider ${key}: ${is} is earned instead of ${should}`];
  });
  const apart = [...seen].filter(([, { earned: all, owed, paidOut }]) => BigInt(owed) + BigInt(paidOut) !== BigInt(all))
    .map(([key, { earned: all, owed, paidOut }]) => `provider ${key}: ${paidOut} paid out and ${owed} owed are not the ${all} that it earned`);
  return [...tipped, ...earned, ...apart, ...payouts.flatMap((payout) => ofPayout(payout, transfers)), ...strays(payouts, transfers)];
}

function ofPayout({ id, status, amount, currency, converted }: Books['payouts'][number], transfers: readonly WitnessedTransfer[]): string[] {
  const moved = transfers.filter(({ transferGroup }) => transferGroup === id);
  return [
    ...(status === 'PAID' ? [] : [`payout ${id} is ${status}`]),
    ...(converted === amount ? [] : [`payout ${id}: its sources are worth ${converted}, not ${amount}`]),
    ...(moved.length === 1 && moved[0]?.amountMinor === amount && moved[0].currency === currency ? [] : [`payout ${id} of ${amount} ${currency}: Stripe moved ${moved.map((one) => `${one.amountMinor} ${one.currency}`).join(', ') || 'nothing'}`]),
  ];
}

function strays(payouts: Books['payouts'], transfers: readonly WitnessedTransfer[]): string[] {
  return transfers.filter(({ transferGroup }) => !payouts.some(({ id }) => id === transferGroup)).map(({ transferId }) => `no payout stands behind transfer ${transferId}`);
}
