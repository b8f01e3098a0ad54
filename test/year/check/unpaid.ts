import type { World } from '../../support/world';

/** What could have been paid out to a provider when the day began, and was not; by currency, minor units. */
export interface Unpaid {
  readonly provider: string;
  readonly account: string;
  readonly balances: Readonly<Record<string, string>>;
}

const UNPAID = `select provider, account, json_object_agg(currency, minor::text) as balances from (
    select e.provider_tenant_id as provider, a.currency as account, e.currency, sum(e.net_minor) as minor
    from marketplace.journal_entry e join marketplace.payout_account a on a.provider_tenant_id = e.provider_tenant_id
    where e.payout_id is null and e.available_at < date_trunc('day', marketplace.clock(), 'UTC') and a.held_until < date_trunc('day', marketplace.clock(), 'UTC')
      and not exists (select 1 from marketplace.payout_entry p where p.entry_id = e.id and p.live)
    group by 1, 2, 3) b group by provider, account`;

/** Below it nothing is paid out (the service's default), minor units of the account's currency. */
const MINIMUM_MINOR = 5_000;

export function readUnpaid(sql: World['sql']): Promise<Unpaid[]> {
  return sql<Unpaid>(UNPAID);
}

/** On the evening of a day of payouts: who was owed more than the least that is paid, and was not paid. `worth` converts minor units. */
export async function leftUnpaid(unpaid: readonly Unpaid[], worth: (minor: string, from: string, to: string) => Promise<number>): Promise<string[]> {
  const found: string[] = [];
  for (const { provider, account, balances } of unpaid) {
    const parts = await Promise.all(Object.entries(balances).map(([currency, minor]) => worth(minor, currency, account)));
    const total = parts.reduce((sum, part) => sum + part, 0);
    const roundedAway = parts.length; // each part was rounded when it was decided
    if (total >= MINIMUM_MINOR + roundedAway) found.push(`provider ${provider} was not paid about ${Math.round(total)} ${account}: ${JSON.stringify(balances)}`);
  }
  return found;
}
