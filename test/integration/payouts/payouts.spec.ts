import fc from 'fast-check';
import { v7 } from 'uuid';
import { payoutSaga } from '../../../sagas/payout.saga';
import { WORKER } from '../../../src/application/actor';
import { PayProvider } from '../../../src/application/payout/pay-provider';
import { PayoutHost } from '../../../src/application/payout/payout-host';
import type { PayoutProtocol } from '../../../src/application/payout/payout-protocol';
import { PayoutRun } from '../../../src/application/payout/payout-run';
import { PayoutSchedule } from '../../../src/application/payout/payout-schedule';
import { runPayouts } from '../../../src/application/payout/run-payouts';
import { TransferRefused } from '../../../src/application/ports/stripe';
import type { TransferRequest, Transfers } from '../../../src/application/ports/stripe';
import { SagaEngine } from '../../../src/application/saga/engine';
import { Unanswered } from '../../../src/application/saga/host';
import { SagaRunner } from '../../../src/application/saga/runner';
import { isLasting } from '../../../src/infrastructure/postgres/errors';
import { PostgresPayoutBatches } from '../../../src/infrastructure/postgres/payout-batches';
import { PostgresPayoutStore } from '../../../src/infrastructure/postgres/payout-store';
import { PostgresSagaStore } from '../../../src/infrastructure/postgres/saga-store';
import { inside } from '../../../src/infrastructure/postgres/transaction';
import { aUser } from '../../support/listing-world';
import { haveEarned, PAYOUT_CONTRADICTIONS } from '../../support/payable-providers';
import { openPurchaseWorld, SILENT } from '../../support/purchase-world';
import type { PurchaseReplica, PurchaseWorld } from '../../support/purchase-world';
import { waitFor } from '../../support/wait';

/** Stripe in memory: what it does to each destination, and what it has moved. */
class PlayedStripe implements Transfers {
  readonly moved: TransferRequest[] = [];
  readonly refuses = new Set<string>();
  /** The first request to each takes effect without an answer. */
  mute = new Set<string>();

  find(payoutId: string) {
    return Promise.resolve(this.moved.some((transfer) => transfer.payoutId === payoutId) ? { transferId: `tr_${payoutId}` } : null);
  }
  create(request: TransferRequest) {
    if (this.refuses.has(request.destination)) return Promise.reject(new TransferRefused('account_closed', 'closed'));
    this.moved.push(request);
    if (this.mute.delete(request.destination)) return Promise.reject(new Unanswered('no answer'));
    return Promise.resolve({ transferId: `tr_${request.payoutId}` });
  }
}

const RATES: Readonly<Record<string, string>> = { 'USD>EUR': '0.92378752', 'JPY>EUR': '0.00611958' };
const payouts = new PostgresPayoutStore();
const batches = new PostgresPayoutBatches();
const stripe = new PlayedStripe();
const operator = aUser('platform_admin');

let world: PurchaseWorld;
let replicas: ReturnType<typeof openPayouts>[];
beforeAll(async () => {
  world = await openPurchaseWorld({ replicas: 2, working: false });
  replicas = world.replicas.map(openPayouts);
});
afterAll(async () => {
  for (const { runner } of replicas) await runner.stop();
  await world.close();
});

function openPayouts({ unitOfWork, outbox }: PurchaseReplica) {
  const host = new PayoutHost({ payouts, transfers: stripe });
  const store = new PostgresSagaStore<PayoutProtocol>();
  const engine: SagaEngine<PayoutProtocol> = new SagaEngine({
    definitions: [payoutSaga], host, store, outbox, logger: SILENT, isLasting, onCallArmed: (saga, lease) => { runner.perform(saga, lease); },
  });
  const runner = new SagaRunner({ engine, host, store, unitOfWork, logger: SILENT, isLasting, pollMs: 50, concurrency: 4 });
  runner.start();
  const terms = { minimumMinor: () => 5_000n, holdMs: 0, dayOfMonth: 1 };
  const payProvider = new PayProvider({
    unitOfWork, payouts, outbox, engine, terms, tenants: { kycStatus: () => Promise.resolve('verified') },
    accounts: { open: () => Promise.reject(new Error('not here')), onboardingUrl: () => Promise.reject(new Error('not here')), payoutsEnabled: () => Promise.resolve(true) },
    rates: { rate: (base, quote) => Promise.resolve({ rate: RATES[`${base}>${quote}`] ?? '', asOf: new Date('2026-01-01T00:00:00Z') }) },
  });
  const run = new PayoutRun({ unitOfWork, payouts, batches, payProvider, logger: SILENT });
  return { runner, payProvider, unitOfWork, run: runPayouts({ unitOfWork, batches, run }), schedule: new PayoutSchedule({ unitOfWork, batches, run, terms }) };
}

async function provider(earned: Readonly<Record<string, number>>): Promise<string> {
  const tenantId = v7();
  await haveEarned(world.sql, [{ tenantId, earned }]);
  await world.sql(`insert into marketplace.payout_account values ($1, $2, 'EUR', true, now() - interval '30 days', now() - interval '20 days')`, [tenantId, `acct_${tenantId}`]);
  return tenantId;
}
const payoutsOf = (tenantId: string) => world.sql<{ id: string; status: string; amount: number }>(
  'select id, status, amount_minor::int as amount from marketplace.payout where provider_tenant_id = $1 order by created_at', [tenantId]);
const settled = () => waitFor(async () => (await world.sql(`select 1 from marketplace.payout where status in ('SCHEDULED', 'PROCESSING')`)).length === 0, { withinMs: 30_000, what: 'every payout to end' });
let days = 0;
const aDay = () => new Date(Date.UTC(2025, 0, 1 + days++)).toISOString().slice(0, 10);

/* Mutation: without the lock of the account (payout-store, lockBalance) the entries of one provider are taken twice, and its unique index fails the others. */
it('twenty payouts of one provider at once through two replicas: one of them has the money', async () => {
  const tenantId = await provider({ EUR: 90_00, USD: 100_00 });
  const candidates = await replicas[0]!.unitOfWork.run(WORKER, (tx) => payouts.candidates(tx, aDay(), null, 100));
  const candidate = candidates.find(({ providerTenantId }) => providerTenantId === tenantId)!;
  const outcomes = await Promise.all(Array.from({ length: 20 }, (_, i) => replicas[i % 2]!.payProvider.pay(candidate, aDay())));
  expect(outcomes.filter((outcome) => outcome === 'scheduled')).toHaveLength(1);
  await settled();
  expect(await payoutsOf(tenantId)).toMatchObject([{ status: 'PAID', amount: 90_00 + 92_38 }]);
  expect(stripe.moved.filter(({ providerTenantId }) => providerTenantId === tenantId)).toHaveLength(1);
});

it('the monthly batch: planned before its day, worked off once by whichever replica is there, made up for when the day was missed', async () => {
  const tenantId = await provider({ EUR: 60_00 });
  for (const { schedule } of replicas) expect(await schedule.work()).toBe(false);
  const [ahead] = await world.sql<{ ms: number }>(`select extract(epoch from max(scheduled_for) + 3 - marketplace.clock())::int * 1000.0 as ms from marketplace.payout_batch`);
  await world.shiftClock(Math.ceil(Number(ahead?.ms)));
  expect((await Promise.all(replicas.map(({ schedule }) => schedule.work()))).filter(Boolean)).toHaveLength(1);
  await settled();
  expect(await payoutsOf(tenantId)).toMatchObject([{ status: 'PAID', amount: 60_00 }]);
  expect(await replicas[0]!.schedule.work()).toBe(false);
});

it('whatever is earned, given back and refused: per source currency payouts and balances are the earnings, and Stripe moved each payout once', async () => {
  const minor = fc.integer({ min: -3_000, max: 20_000 }).filter((n) => n !== 0);
  const rounds = fc.array(fc.record({ EUR: minor, USD: minor, JPY: minor, manner: fc.constantFrom('pays', 'refuses', 'mute') }), { minLength: 1, maxLength: 4 });
  await fc.assert(fc.asyncProperty(rounds, async (drawn) => {
    const tenantId = await provider({ EUR: 1 });
    const account = `acct_${tenantId}`;
    for (const { manner, ...earned } of drawn) {
      await haveEarned(world.sql, [{ tenantId, earned }]);
      if (manner === 'refuses') stripe.refuses.add(account); else stripe.refuses.delete(account);
      if (manner === 'mute') stripe.mute.add(account);
      const day = aDay();
      for (const result of await Promise.all(replicas.map(({ run }) => run(operator, day)))) expect(result).toEqual({ ok: true, value: day });
      await settled();
      expect(await world.sql(PAYOUT_CONTRADICTIONS)).toEqual([]);
    }
    const paid = (await payoutsOf(tenantId)).filter(({ status }) => status === 'PAID').map(({ id, amount }) => `${id} ${amount}`);
    expect(stripe.moved.filter(({ destination }) => destination === account).map(({ payoutId, amount }) => `${payoutId} ${amount.amountMinor}`)).toEqual(paid);
  }), { numRuns: 12 });
});

describe('the database', () => {
  const tamper = (text: string, values: readonly unknown[]) => replicas[0]!.unitOfWork.run(WORKER, (tx) => inside(tx).query(text, values), { commit: 'payout.schedule' });

  it('refuses a payout that is not the sum of its sources', async () => {
    await expect(tamper(`insert into marketplace.payout (id, provider_tenant_id, status, stripe_account_id, currency, amount_minor, scheduled_for, created_at)
      values ($1, $2, 'SCHEDULED', 'acct_1', 'EUR', 100, '2026-01-01', now())`, [v7(), v7()])).rejects.toThrow(/not the sum of its sources/);
  });

  it('refuses that a payout which has ended goes on, or that its amount changes', async () => {
    const tenantId = await provider({ EUR: 70_00 });
    await replicas[0]!.run(operator, aDay());
    await settled();
    const [{ id } = { id: '' }] = await payoutsOf(tenantId);
    await expect(tamper(`update marketplace.payout set status = 'FAILED', failure_message = 'no', paid_at = null, transfer_id = null where id = $1`, [id])).rejects.toThrow(/cannot go from PAID to FAILED/);
    await expect(tamper('update marketplace.payout set amount_minor = 1 where id = $1', [id])).rejects.toThrow(/does not change/);
    await expect(tamper(`insert into marketplace.payout_entry (payout_id, entry_id, provider_tenant_id) select $1, entry_id, provider_tenant_id from marketplace.payout_entry where payout_id = $1`, [id])).rejects.toMatchObject({ code: '23505' });
  });
});
