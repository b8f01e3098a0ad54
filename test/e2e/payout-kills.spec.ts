import { v7 } from 'uuid';
import { FAULT_POINTS } from '../../src/infrastructure/faults/fault-points';
import { haveAccounts, haveEarned, PAYOUT_CONTRADICTIONS } from '../support/payable-providers';
import { person } from '../support/shop';
import type { Person } from '../support/shop';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';
import { PayoutByIdDocument, PayoutsOfDocument, RunPayoutsDocument } from './operations/generated';
import type { PayoutsOfQuery } from './operations/generated';

/*
 * The monthly batch, with the only replica killed (SIGKILL, by itself, exactly there) before and after each of its
 * commits and each transfer. Each provider is paid exactly once, by Stripe's own word, and statements are what was moved.
 * The suite has a small batch; `npm run test:payout-kills` has 200 providers.
 */
const PROVIDERS = Number(process.env.PAYOUT_PROVIDERS ?? 40);
const CURRENCIES = ['EUR', 'USD', 'GBP', 'JPY'] as const;
/** Below the minimum in whatever the account's currency is, and less than nothing. */
const CARRIED = [{ EUR: 400 }, { USD: -2_500, EUR: 300 }] as const;
const HOW = [{}, {}, { transfer: 'error500_after_effect' }, {}, { transfer: 'refuse' }, {}] as const;
/** In an order in which there is still work for each of them, however few the providers. */
const NAMES = ['payout.batch', 'saga.claim', 'payout.account', 'payout.schedule', 'stripe.create-transfer', 'saga.reply', 'outbox.hold', 'outbox.publish', 'outbox.mark', 'payout.batch-end'];
const POINTS = NAMES.flatMap((name) => FAULT_POINTS.filter((point) => point.startsWith(`${name}:`)));

let world: World;
let admin: Person;
const payable = Array.from({ length: PROVIDERS }, (_, i) => ({
  tenantId: v7(), currency: CURRENCIES[i % 4] ?? 'EUR', how: HOW[i % HOW.length] ?? {},
  earned: { [CURRENCIES[i % 4] ?? 'EUR']: 20_000 + 137 * i, [CURRENCIES[(i + 1) % 4] ?? 'USD']: 1_999 + i, ...(i % 3 === 0 ? { [CURRENCIES[(i + 2) % 4] ?? 'GBP']: -700 - i } : {}) },
}));
const carried = CARRIED.map((earned) => ({ tenantId: v7(), currency: 'EUR', earned }));

beforeAll(async () => {
  world = await startWorld({ gateway: false, env: { PAYOUT_POLL_MS: '100', SAGA_POLL_MS: '50', PAYOUT_DAY_OF_MONTH: '1' } });
  admin = await person({ url: world.subgraphUrl, sandbox: world.sandbox }, ['platform_admin']);
  await waitFor(async () => (await world.sql('select 1 from marketplace.payout_batch')).length > 0, { withinMs: 20_000, what: 'the next month’s batch to be planned' });
  await world.replicas[0]?.kill();
  const all = [...payable, ...carried];
  await haveEarned(world.sql, all);
  await haveAccounts(world.sql, world.sandboxUrl, all);
  for (const { tenantId, how } of payable) await world.sandbox.behaviour(tenantId, how);
  await world.shiftClock(31 * 24 * 60 * 60 * 1_000);
});
afterAll(() => world.stop());

/** Runs the replica until it dies there; what it held is anybody's at once, as it would be when its leases end. */
async function dieAt(point: string): Promise<void> {
  const [replica] = world.replicas;
  if (!replica) throw new Error('no replica');
  if (point.startsWith('payout.batch-end')) await world.sql('update marketplace.payout_batch set finished_at = null'); // as an operator who runs the day again
  await replica.launch({ FAULT_KILL_AT: `${point}#1` });
  let timer: NodeJS.Timeout | undefined;
  const bound = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => { reject(new Error(`${point} was not passed in time\n${replica.logTail(20)}`)); }, 60_000); });
  const exit = await Promise.race([replica.exited, bound]).finally(() => { clearTimeout(timer); });
  expect({ point, exit }).toMatchObject({ exit: { signal: 'SIGKILL' } });
  await world.sql(`update marketplace.payout_batch set lease_until = clock_timestamp()`);
  await world.sql(`update marketplace.saga set lease_until = clock_timestamp() where lease_until is not null`);
}

type Listed = NonNullable<PayoutsOfQuery['payouts']>['edges'][number]['node'];

async function everyPayout(): Promise<Listed[]> {
  const found: Listed[] = [];
  for (let after: string | null = null; ;) {
    const { payouts }: PayoutsOfQuery = await admin.http.data(PayoutsOfDocument, { first: 100, after });
    found.push(...(payouts?.edges.map(({ node }) => node) ?? []));
    if (!payouts?.pageInfo.hasNextPage) return found;
    after = payouts.pageInfo.endCursor ?? null;
  }
}

/** What Stripe moved, as text that can be compared. */
const movedTo = (transfers: readonly { readonly transferGroup: string; readonly amountMinor: string; readonly currency: string; readonly tenantId: string }[]) =>
  transfers.map(({ transferGroup, amountMinor, currency, tenantId }) => `${transferGroup} ${amountMinor} ${currency} to ${tenantId}`).sort();

it(`given a kill at every point of a batch of ${PROVIDERS} providers in ${CURRENCIES.length} currencies, each is paid exactly once, and statements are what was moved`, async () => {
  for (const point of POINTS) await dieAt(point);
  await world.replicas[0]?.start();
  await waitFor(async () => {
    const [open] = await world.sql<{ open: number; providers: number }>(`select count(*) filter (where status in ('SCHEDULED', 'PROCESSING'))::int as open, count(distinct provider_tenant_id)::int as providers from marketplace.payout`);
    const unfinished = await world.sql(`select 1 from marketplace.payout_batch where finished_at is null and scheduled_for <= marketplace.clock()`);
    return open?.open === 0 && open.providers === PROVIDERS && unfinished.length === 0;
  }, { withinMs: 240_000, what: 'every payout to end' });

  const payouts = await everyPayout();
  const refused = new Set(payable.filter(({ how }) => 'transfer' in how && how.transfer === 'refuse').map(({ tenantId }) => tenantId));
  const ends = new Set(payouts.map(({ provider, status }) => `${provider.id} ${status}`)); // the day was run twice: who was refused has two that FAILED
  expect([...ends].sort()).toEqual(payable.map(({ tenantId }) => `${tenantId} ${refused.has(tenantId) ? 'FAILED' : 'PAID'}`).sort());
  expect(await world.sql(PAYOUT_CONTRADICTIONS)).toEqual([]);

  const stated = [];
  for (const { id, provider, status } of payouts) {
    const { payout } = await admin.http.data(PayoutByIdDocument, { id });
    const lines = payout?.statementCsv.trimEnd().split('\r\n').slice(1, -1).map((line) => line.split(',')) ?? [];
    const minor = lines.reduce((sum, cells) => sum + BigInt((cells[10] ?? '').replace('.', '')), 0n);
    if (status === 'PAID') stated.push({ transferGroup: id, amountMinor: minor.toString(), currency: lines[0]?.[9] ?? '', tenantId: provider.id });
  }
  expect(movedTo(await world.sandbox.transfers())).toEqual(movedTo(stated));

  for (const tenantId of refused) await world.sandbox.behaviour(tenantId, { transfer: null });
  const scheduledFor = payouts[0]?.scheduledFor ?? '';
  const { runPayouts } = await admin.http.data(RunPayoutsDocument, { scheduledFor });
  expect({ errors: runPayouts.userErrors, payouts: runPayouts.payouts.length }).toEqual({ errors: [], payouts: payouts.length + refused.size });
  await waitFor(async () => (await world.sandbox.transfers()).length === PROVIDERS, { withinMs: 60_000, what: 'the refused ones to be paid after all' });
  expect(new Set((await world.sandbox.transfers()).map(({ tenantId }) => tenantId)).size).toBe(PROVIDERS);
  process.stdout.write(`${PROVIDERS} providers, ${POINTS.length} kill points: ${stated.length} paid once, ${refused.size} refused and paid by the next run\n`);
}, 900_000);
