import { messageOf } from '../process/program';
import type { Neighbourhood } from './people';
import { signIn } from './people';
import { payOut } from './payout';
import { buy } from './purchase';
import { openShop } from './shop';
import { openStorefront } from './storefront';
import { subscribe } from './subscription';

const WITHIN_MS = 60_000;

/** A provider, a few live listings, a storefront with some of them, one real purchase in it, one payout and a subscription that renews, all through the supergraph, as its clients would. */
async function demonstrate(neighbourhood: Neighbourhood): Promise<void> {
  const [provider, reviewer, academy, buyer] = await Promise.all([
    signIn(neighbourhood, ['provider']), signIn(neighbourhood, ['platform_admin']), signIn(neighbourhood, ['org_admin']), signIn(neighbourhood, ['buyer']),
  ]);
  const listings = await openShop(neighbourhood, provider, reviewer);
  for (const { title, plans } of listings) {
    const offers = plans.map(({ name, kind, prices }) => `${name} (${kind}) ${prices.map(({ amount, currency }) => `${amount} ${currency}`).join(' / ')}`);
    console.log(`on sale: ${title}: ${offers.join(', ')}`);
  }
  const { slug, name, currencies, listings: window } = await openStorefront(academy, listings.slice(0, 2).map(({ id }) => id));
  console.log(`storefront: “${name}” (${slug}) sells in ${currencies.join(', ')}: ${window.edges.map(({ node }) => node.title).join('; ')}`);
  const [listing] = listings;
  const plan = listing?.plans.find(({ kind }) => kind === 'ONE_TIME');
  if (!listing || !plan) throw new Error('there is nothing to buy');
  console.log(`purchase: “${listing.title}”, as a subscriber sees it through ${neighbourhood.supergraphUrl}`);
  await buy(buyer, plan.id, slug, (line) => { console.log(line); });
  for (const line of await payOut(neighbourhood, listing.id, provider, reviewer)) console.log(line);
  const monthly = listings.flatMap(({ plans }) => plans).find(({ kind }) => kind === 'SUBSCRIPTION');
  if (!monthly) throw new Error('there is nothing to subscribe to');
  console.log('subscription: a trial of a day, and its first renewal');
  const passDays = process.send ? (days: number) => { process.send?.({ passDays: days }); } : null;
  await subscribe(await signIn(neighbourhood, ['buyer']), monthly.id, passDays, (line) => { console.log(line); });
  if (process.connected) process.disconnect();
}

function setting(name: string, byDefault: string): string {
  const value = process.env[name] ?? byDefault;
  if (!URL.canParse(value)) throw new Error(`${name} takes a URL, not "${value}"`);
  return value;
}

async function main(): Promise<void> {
  const overdue = setTimeout(() => leave(new Error(`it takes longer than ${WITHIN_MS / 1_000} s`)), WITHIN_MS);
  await demonstrate({ supergraphUrl: setting('SUPERGRAPH_URL', 'http://127.0.0.1:4000/graphql'), sandboxUrl: setting('SANDBOX_URL', 'http://127.0.0.1:4010') });
  clearTimeout(overdue);
}

function leave(error: unknown): never {
  console.error(`the demo purchase failed: ${messageOf(error)}`);
  process.exit(1);
}

main().catch(leave);
