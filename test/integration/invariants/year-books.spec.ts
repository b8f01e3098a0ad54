import { Pool } from 'pg';
import type { QueryResultRow } from 'pg';
import { v7 } from 'uuid';
import { createTestDatabase } from '../../support/database';
import type { TestDatabase } from '../../support/database';
import { haveEarned } from '../../support/payable-providers';
import { readBooks } from '../../year/check/books';
import { readUnpaid } from '../../year/check/unpaid';

/* What the simulated year reads of the books is what is there, and what tips is seen. */
const provider = v7();
let database: TestDatabase;
let pool: Pool;
const sql = async <R extends QueryResultRow = QueryResultRow>(text: string, params: readonly unknown[] = []): Promise<R[]> => (await pool.query<R>(text, [...params])).rows;

beforeAll(async () => {
  database = await createTestDatabase();
  pool = new Pool({ connectionString: database.url, max: 2 });
  await haveEarned(sql, [{ tenantId: provider, earned: { EUR: 10_000, USD: -400 } }]);
  await sql(`insert into marketplace.payout_account (provider_tenant_id, stripe_account_id, currency, payouts_enabled, created_at, held_until)
    values ($1, 'acct_1', 'EUR', true, marketplace.clock() - interval '30 days', marketplace.clock() - interval '23 days')`, [provider]);
});
afterAll(async () => {
  await pool.end();
  await database.drop();
});

it('reads what is earned, owed and paid out, by currency', async () => {
  const { tipped, balances, payouts } = await readBooks(sql);
  expect([tipped, payouts]).toEqual([[], []]);
  expect([...balances].sort((left, right) => left.currency.localeCompare(right.currency))).toEqual([
    { provider, currency: 'EUR', earned: '10000', owed: '10000', paidOut: '0' }, { provider, currency: 'USD', earned: '-400', owed: '-400', paidOut: '0' },
  ]);
});

it('reads what could be paid out on a day and was not', async () => {
  expect(await readUnpaid(sql)).toEqual([{ provider, account: 'EUR', balances: { EUR: '10000', USD: '-400' } }]);
});

it('given a posting that is changed behind the ledger’s back: entry and ledger tip, and the provider is owed another amount', async () => {
  await sql('alter table marketplace.journal_posting disable trigger user'); // append-only, and summed at commit
  await sql(`update marketplace.journal_posting set amount_minor = amount_minor - 1 where account = 'provider_payable' and currency = 'EUR'`);
  const { tipped, balances } = await readBooks(sql);
  expect(tipped).toEqual(expect.arrayContaining([expect.stringMatching(/^entry .* tips$/), 'the ledger sums to -1 EUR']));
  expect(balances).toContainEqual({ provider, currency: 'EUR', earned: '10000', owed: '10001', paidOut: '0' });
});
