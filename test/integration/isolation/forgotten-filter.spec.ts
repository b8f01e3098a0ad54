import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { ANONYMOUS, type Actor, type AuthenticatedUser, WORKER } from '../../../src/application/actor';
import type { Tx } from '../../../src/application/ports/unit-of-work';
import { createDataSource } from '../../../src/infrastructure/postgres/data-source';
import { inside } from '../../../src/infrastructure/postgres/transaction';
import { PostgresUnitOfWork, sqlStateOf } from '../../../src/infrastructure/postgres/unit-of-work';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { MATRIX } from './policy-matrix';
import { anOffer, aPayout, aPurchase, aStorefront, type Offer, type People, someInternals, somePeople, suspend } from './two-tenants';

/**
 * Every statement here is one whose author forgot the filter. Two tenants sell to each other, so that each is in the
 * other's rows as the provider or the buyer. All callers share one pooled connection.
 */
let database: TestDatabase;
let superuser: Client;
let api: DataSource;
let worker: DataSource;
let unitOfWork: PostgresUnitOfWork;
const ours = somePeople();
const theirs = somePeople();
const platformAdmin: AuthenticatedUser = { ...somePeople().buyer, roles: new Set(['platform_admin']) };

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = new Client({ connectionString: database.url });
  await superuser.connect();
  api = await createDataSource({ url: database.url, role: 'marketplace_api', poolSize: 1 }).initialize();
  worker = await createDataSource({ url: database.url, role: 'marketplace_worker', poolSize: 1 }).initialize();
  unitOfWork = new PostgresUnitOfWork(api, worker);
  await asWorker(async (tx) => {
    const [ourOffer, theirOffer] = [await fillShop(tx, ours), await fillShop(tx, theirs)];
    await shop(tx, ours, theirOffer);
    await shop(tx, theirs, ourOffer);
    await aPayout(tx, ourOffer);
    await aPayout(tx, theirOffer);
    await someInternals(tx);
  });
});
afterAll(async () => {
  await api.destroy();
  await worker.destroy();
  await superuser.end();
  await database.drop();
});

/** A unit of work without a name is read-only by itself. Here policies are to be what refuses, so all may write. */
const run = <T>(caller: Actor, work: (tx: Tx) => Promise<T>) => unitOfWork.run(caller, work, { commit: 'order.place' });
const asWorker = <T>(work: (tx: Tx) => Promise<T>) => run(WORKER, work);

/** One listing on sale, one that is nobody else's business yet. */
async function fillShop(tx: Tx, { tenantId }: People): Promise<Offer> {
  await anOffer(tx, tenantId, 'DRAFT');
  const onSale = await anOffer(tx, tenantId, 'LIVE');
  await aStorefront(tx, tenantId, onSale);
  return onSale;
}
async function shop(tx: Tx, { buyer, learner, colleague, orgAdmin }: People, offer: Offer): Promise<void> {
  await aPurchase(tx, buyer, learner.userId, offer);
  await aPurchase(tx, colleague, orgAdmin.userId, offer);
}

interface TenantTable { readonly table: string; readonly tenantColumn: string; readonly publicRows: string }
const TENANT_TABLES: readonly TenantTable[] = Object.entries(MATRIX).flatMap(([table, rules]) =>
  rules.kind === 'tenant' && table !== 'outbox_YYYYMMDD' ? [{ table, tenantColumn: rules.tenantColumn ?? 'missing', publicRows: rules.publicRows ?? 'false' }] : []);
const TABLE_NAMES = TENANT_TABLES.map(({ table }) => table);
const INTERNAL_TABLES = Object.keys(MATRIX).filter((table) => MATRIX[table]?.kind === 'internal');
const UPDATABLE = TENANT_TABLES.filter(({ table }) => { const rules = MATRIX[table]; return rules?.kind === 'tenant' && rules.api.update !== undefined; });
const DELETABLE = TABLE_NAMES.filter((table) => { const rules = MATRIX[table]; return rules?.kind === 'tenant' && rules.api.delete !== undefined; });
const COPIED_AS: Readonly<Record<string, object>> = { listing: { status: 'DRAFT' }, orders: { status: 'PLACED', version: 1 } };

type Seen = { readonly tenant: string; readonly public: boolean };

/** `select *` in the caller's name; a table that the caller may not even ask shows nothing. */
async function rowsSeenBy(caller: Actor, { table, tenantColumn, publicRows }: TenantTable): Promise<Seen[]> {
  try {
    const rows = await run(caller, (tx) => inside(tx).query<Record<string, unknown>>(`select *, (${publicRows}) as is_public from marketplace.${table}`));
    return rows.map((row) => ({ tenant: String(row[tenantColumn]), public: row.is_public === true }));
  } catch (error) {
    if (sqlStateOf(error) === REFUSED) return [];
    throw error;
  }
}

/** How many rows of each table the caller sees beyond what is public. */
async function privateRowsSeenBy(caller: Actor): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const table of TENANT_TABLES) {
    const seen = (await rowsSeenBy(caller, table)).filter((row) => !row.public);
    if (seen.length > 0) counts[table.table] = seen.length;
  }
  return counts;
}

/** Tables that show the caller a private row of anybody but this tenant. */
async function leaksTo(caller: Actor, tenant: string | null): Promise<string[]> {
  const leaks: string[] = [];
  for (const table of TENANT_TABLES) {
    if ((await rowsSeenBy(caller, table)).some((row) => !row.public && row.tenant !== tenant)) leaks.push(table.table);
  }
  return leaks;
}

/** insufficient_privilege: both "no such grant" and "the policy says no". */
const REFUSED = '42501';
const PURCHASE = {
  orders: 1, order_line: 1, order_transition: 5, course_claim: 2, payment: 1, refund: 1, refund_line: 1, refund_seat: 1, license: 1, seat: 3, saga: 1, saga_transition: 2,
  subscription: 1, subscription_period: 1, subscription_trial: 1,
};
const twice = (counts: Record<string, number>) => Object.fromEntries(Object.entries(counts).map(([table, count]) => [table, 2 * count]));
const PRIVATE_SHOP = { coupon: 2, listing: 1, listing_transition: 5, pricing_plan: 1, pricing_plan_revision: 1, pricing_plan_price: 1, provider_sale: 2, journal_entry: 3, payout: 1, payout_source: 1, payout_entry: 1, payout_account: 1 };

const EXPECTED: readonly (readonly [keyof People & string, Record<string, number>, string])[] = [
  ['buyer', PURCHASE, 'their own purchase, and nothing of the colleague\'s'],
  ['orgAdmin', twice(PURCHASE), 'both purchases of the tenant'],
  ['provider', PRIVATE_SHOP, 'the draft and the history of the listings, their coupons, and nothing of who bought'],
  ['learner', { course_claim: 1, license: 1, seat: 1 }, 'one seat, its licence and its claim'],
];
const callers = (people: People): AuthenticatedUser[] => [people.buyer, people.colleague, people.orgAdmin, people.provider, people.learner];

describe('select * from any table', () => {
  it.each(TABLE_NAMES)('has rows of both tenants to find in %s', async (table) => {
    const { tenantColumn } = TENANT_TABLES.find((each) => each.table === table)!;
    const { rows } = await superuser.query<{ tenant: string }>(`select distinct ${tenantColumn} as tenant from marketplace.${table}`);
    expect(rows.map((row) => row.tenant)).toEqual(expect.arrayContaining([ours.tenantId, theirs.tenantId]));
  });

  it.each(EXPECTED)('shows the %s %j: %s', async (who, expected) => {
    for (const people of [ours, theirs]) {
      expect(await privateRowsSeenBy(people[who] as AuthenticatedUser)).toEqual(expected);
    }
  });

  it('shows nobody a private row of the other tenant', async () => {
    for (const people of [ours, theirs]) {
      for (const caller of callers(people)) expect(await leaksTo(caller, people.tenantId)).toEqual([]);
    }
  });

  it('shows an anonymous caller what is on sale and nothing else', async () => {
    expect(await privateRowsSeenBy(ANONYMOUS)).toEqual({});
    const onSale = await rowsSeenBy(ANONYMOUS, TENANT_TABLES.find(({ table }) => table === 'listing')!);
    expect(onSale.map((row) => row.tenant).sort()).toEqual([ours.tenantId, theirs.tenantId].sort());
  });

  it('shows the same person nothing of theirs when they come from another tenant', async () => {
    for (const { userId, roles } of [ours.buyer, ours.learner]) {
      expect(await privateRowsSeenBy({ ...ours.buyer, tenantId: somePeople().tenantId, userId, roles })).toEqual({});
    }
  });

  it('shows a platform admin every row that callers are ever shown', async () => {
    for (const tenantTable of TENANT_TABLES) {
      const { table } = tenantTable;
      const rules = MATRIX[table];
      if (rules?.kind !== 'tenant' || !rules.api.select) continue;
      const { rows: [all] } = await superuser.query<{ count: string }>(`select count(*) from marketplace.${table}`);
      expect([table, (await rowsSeenBy(platformAdmin, tenantTable)).length]).toEqual([table, Number(all?.count)]);
    }
  });

  it('is refused to every caller for the service\'s own tables, but for what operators look at', async () => {
    for (const table of INTERNAL_TABLES) {
      for (const caller of [ANONYMOUS, platformAdmin, ...callers(ours)]) {
        if (table === 'dead_letter') continue;
        await expect(run(caller, (tx) => inside(tx).query(`select * from marketplace.${table}`))).rejects.toMatchObject({ code: REFUSED });
      }
    }
  });

  it('shows dead letters to platform admins alone', async () => {
    await superuser.query(`insert into marketplace.dead_letter (id, consumer, stream_sequence, subject, error, deliveries, payload, at) values (gen_random_uuid(), 'spec', 1, 's', 'e', 1, 'p', now())`);
    const seenBy = async (caller: Actor) => (await run(caller, (tx) => inside(tx).query('select * from marketplace.dead_letter'))).length;
    expect(await seenBy(platformAdmin)).toBeGreaterThan(0);
    for (const caller of [ANONYMOUS, ...callers(ours)]) expect(await seenBy(caller)).toBe(0);
  });

  it('is refused to everybody for the day partitions, even to the worker: rows are reached through the outbox', async () => {
    const { rows } = await superuser.query<{ table: string }>(`select relname as table from pg_class where relnamespace = 'marketplace'::regnamespace and relname ~ '^outbox_[0-9]{8}$'`);
    expect(rows.length).toBeGreaterThan(0);
    for (const { table } of rows) {
      for (const caller of [ANONYMOUS, platformAdmin, WORKER, ours.orgAdmin]) {
        await expect(run(caller, (tx) => inside(tx).query(`select * from marketplace.${table}`))).rejects.toMatchObject({ code: REFUSED });
      }
    }
    const { rows: [today] } = await superuser.query<{ count: string }>(`select count(*) from marketplace.outbox where tableoid <> 'marketplace.outbox_default'::regclass`);
    expect(Number(today?.count)).toBeGreaterThan(0);
  });

  it('shows a listing that is off sale to those who have an order on it, and to its provider', async () => {
    const [seller, customer] = [somePeople(), somePeople()];
    const offer = await asWorker(async (tx) => {
      const sold = await anOffer(tx, seller.tenantId, 'LIVE');
      await aPurchase(tx, customer.buyer, customer.learner.userId, sold);
      await suspend(tx, sold);
      return sold;
    });
    const sees = async (caller: Actor) =>
      (await run(caller, (tx) => inside(tx).query('select 1 from marketplace.listing where id = $1', [offer.listingId]))).length === 1;
    for (const caller of [customer.buyer, customer.orgAdmin, seller.provider, platformAdmin]) expect(await sees(caller)).toBe(true);
    for (const caller of [ANONYMOUS, customer.colleague, customer.provider, seller.buyer, ...callers(ours)]) expect(await sees(caller)).toBe(false);
  });
});

describe('writing without a filter', () => {
  it.each(TABLE_NAMES)('a row of the other tenant is refused: %s', async (table) => {
    const { tenantColumn } = TENANT_TABLES.find((each) => each.table === table)!;
    const { rows: [foreign] } = await superuser.query<{ row: object }>(
      `select to_jsonb(t) as row from marketplace.${table} t where ${tenantColumn} = $1 order by to_jsonb(t) -> 'version' limit 1`, [theirs.tenantId]);
    const copy = JSON.stringify({ ...foreign?.row, ...COPIED_AS[table] });
    const { rows: [own] } = await superuser.query<{ columns: string }>(
      `select string_agg(attname, ', ') as columns from pg_attribute where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = ''`, [`marketplace.${table}`]);
    const columns = own?.columns ?? '';
    for (const caller of [ANONYMOUS, ...callers(ours)]) {
      await expect(run(caller, (tx) =>
        inside(tx).query(`insert into marketplace.${table} (${columns}) select ${columns} from jsonb_populate_record(null::marketplace.${table}, $1)`, [copy]))).rejects.toMatchObject({ code: REFUSED });
    }
  });

  it.each(['license', 'seat'])('a buyer cannot help themselves on an order that costs something: %s', async (table) => {
    const { rows: [own] } = await superuser.query<{ row: object }>(
      `select to_jsonb(t) as row from marketplace.${table} t where buyer_id = $1 limit 1`, [ours.buyer.userId]);
    await expect(run(ours.buyer, (tx) =>
      inside(tx).query(`insert into marketplace.${table} select * from jsonb_populate_record(null::marketplace.${table}, $1)`, [JSON.stringify(own?.row)])))
      .rejects.toMatchObject({ code: REFUSED });
  });

  it.each(TABLE_NAMES)('an update reaches rows of the own tenant at most: %s', async (table) => {
    const { tenantColumn } = TENANT_TABLES.find((each) => each.table === table)!;
    const mayUpdate = UPDATABLE.some((each) => each.table === table);
    for (const caller of [ANONYMOUS, ...callers(ours)]) {
      const update = run(caller, (tx) =>
        inside(tx).query<{ tenant: string }>(`update marketplace.${table} set ${tenantColumn} = ${tenantColumn} returning ${tenantColumn} as tenant`));
      if (mayUpdate) expect((await update).filter((row) => row.tenant !== ours.tenantId)).toEqual([]);
      else await expect(update).rejects.toMatchObject({ code: REFUSED });
    }
  });

  it.each(UPDATABLE.map(({ table }) => table))('an own row cannot be given to the other tenant: %s', async (table) => {
    const { tenantColumn } = TENANT_TABLES.find((each) => each.table === table)!;
    const owner = tenantColumn === 'tenant_id' ? ours.orgAdmin : ours.provider;
    await expect(run(owner, (tx) => inside(tx).query(`update marketplace.${table} set ${tenantColumn} = $1`, [theirs.tenantId])))
      .rejects.toMatchObject({ code: REFUSED });
  });

  it.each(TABLE_NAMES.filter((table) => !DELETABLE.includes(table)))('a delete is refused to every caller: %s', async (table) => {
    for (const caller of [ANONYMOUS, platformAdmin, ...callers(ours)]) {
      await expect(run(caller, (tx) => inside(tx).query(`delete from marketplace.${table}`))).rejects.toMatchObject({ code: REFUSED });
    }
  });

  it.each(DELETABLE)('a delete reaches rows of the own tenant at most, and for its administrators only: %s', async (table) => {
    for (const caller of [ANONYMOUS, ...callers(ours)]) {
      const deleted = await run(caller, (tx) => inside(tx).query<{ tenant: string }>(`delete from marketplace.${table} returning tenant_id as tenant`));
      expect(deleted.filter((row) => row.tenant !== ours.tenantId)).toEqual([]);
      if (caller !== ours.orgAdmin) expect(deleted).toEqual([]);
    }
  });
});
