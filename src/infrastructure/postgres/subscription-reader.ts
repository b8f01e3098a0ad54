import type { LicenseId, SubscriptionId } from '../../domain/ids';
import type { Subscription } from '../../domain/subscription/subscription';
import type { PageRequest } from '../../application/ports/page';
import type { SubscriptionReader } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import { Conditions, countRows, readPage } from './keyset';
import { SUBSCRIPTION_COLUMNS, subscriptionOf } from './subscription-rows';
import type { SubscriptionRow } from './subscription-rows';
import { AMONG_IDS } from './rows';
import { inside } from './transaction';

const SUBSCRIPTIONS = 'marketplace.subscription s';

/** Subscriptions for the graph; each method is one statement, row level security decides what is there. */
export class PostgresSubscriptionReader implements SubscriptionReader {
  async byIds(tx: Tx, ids: readonly SubscriptionId[]): Promise<Subscription[]> {
    return (await inside(tx).prepared<SubscriptionRow>('subscriptions-by-ids', `select ${SUBSCRIPTION_COLUMNS} from ${SUBSCRIPTIONS} where s.id = ${AMONG_IDS}`, [ids])).map(subscriptionOf);
  }

  async ofLicenses(tx: Tx, ids: readonly LicenseId[]): Promise<Subscription[]> {
    return (await inside(tx).prepared<SubscriptionRow>('subscriptions-of-licenses', `select ${SUBSCRIPTION_COLUMNS} from ${SUBSCRIPTIONS} where s.license_id = ${AMONG_IDS}`, [ids])).map(subscriptionOf);
  }

  page(tx: Tx, page: PageRequest) {
    return readPage(tx, {
      columns: SUBSCRIPTION_COLUMNS, from: SUBSCRIPTIONS, conditions: new Conditions(), key: { column: 'started_at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: SubscriptionRow) => subscriptionOf(row), keyOf: (subscription) => ({ key: subscription.startedAt.toISOString(), id: subscription.id }),
    }, page);
  }

  count(tx: Tx): Promise<number> {
    return countRows(tx, SUBSCRIPTIONS, new Conditions());
  }
}
