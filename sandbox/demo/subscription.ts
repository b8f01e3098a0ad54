import { setTimeout as pause } from 'node:timers/promises';
import { buy } from './purchase';
import { DemoSubscriptionsDocument } from './operations/generated';
import type { DemoSubscriptionsQuery } from './operations/generated';
import type { Person } from './people';

type Subscription = NonNullable<DemoSubscriptionsQuery['subscriptionContracts']>['edges'][number]['node'];

/** Begins a subscription with a trial of a day, lets the day go by, and tells of its renewal. */
export async function subscribe(person: Person, planId: string, passDays: ((days: number) => void) | null, tell: (line: string) => void): Promise<void> {
  await buy(person, planId, null, tell);
  tell(lineOf(await subscriptionOf(person, () => true)));
  if (passDays === null) return; // nobody here who could move the clock: it renews in a day
  passDays(1);
  tell(lineOf(await subscriptionOf(person, ({ state }) => state !== 'TRIALING')));
}

async function subscriptionOf({ graph }: Person, is: (subscription: Subscription) => boolean): Promise<Subscription> {
  for (;;) {
    const { subscriptionContracts } = await graph.ask(DemoSubscriptionsDocument, {});
    const subscription = subscriptionContracts?.edges[0]?.node;
    if (subscription && is(subscription)) return subscription;
    await pause(100);
  }
}

function lineOf({ state, plan, price, currentPeriodEnd, orders }: Subscription): string {
  const ordered = orders.edges.map(({ node }) => `${node.source} ${node.number} ${node.status} ${node.total.amount}`).join(', ');
  return `  subscription “${plan.name}”: ${state} until ${currentPeriodEnd.slice(0, 10)}, then ${price.amount} ${price.currency} a period; ${ordered}`;
}
