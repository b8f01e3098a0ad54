import { Client } from 'pg';
import { createTestDatabase, type TestDatabase } from '../../support/database';
import { compareWithMatrix, type Difference, waysPastThePolicies } from './catalog';
import { MATRIX, rulesOf } from './policy-matrix';

let database: TestDatabase;
let superuser: Client;

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = new Client({ connectionString: database.url });
  await superuser.connect();
});
afterAll(async () => {
  await superuser.end();
  await database.drop();
});
beforeEach(() => superuser.query('begin'));
afterEach(() => superuser.query('rollback'));

/** What the comparison says after a change that nobody has written into the matrix. */
async function after(change: string): Promise<Difference> {
  await superuser.query(change);
  return compareWithMatrix(superuser);
}

describe('the policy matrix', () => {
  it('is exactly what the catalog has: row level security, owners, grants and policies of every table', async () => {
    expect(await compareWithMatrix(superuser)).toEqual({ unlisted: [], onlyInCatalog: [], onlyInMatrix: [] });
  });

  it('leaves nothing without forced row level security but what it says itself', () => {
    expect(Object.keys(MATRIX).filter((table) => MATRIX[table]?.kind === 'open')).toEqual(['clock_offset', 'schema_migration']);
  });

  it('names the tenant column of every table whose rows belong to a tenant', () => {
    for (const [table, rules] of Object.entries(MATRIX)) {
      if (rules.kind !== 'open') expect([table, rules.tenantColumn !== undefined]).toEqual([table, rules.kind === 'tenant']);
    }
  });

  it('knows every table with a tenant column as a tenant\'s, the read model of all tenants\' courses excepted', async () => {
    const { rows } = await superuser.query<{ table: string }>(`select distinct relname as table from pg_attribute join pg_class c on c.oid = attrelid
      where relnamespace = 'marketplace'::regnamespace and relkind in ('r', 'p') and attname like '%tenant_id' and not attisdropped order by 1`);
    expect(rows.map((row) => row.table).filter((table) => rulesOf(table)?.kind !== 'tenant')).toEqual(['course_version']);
  });
});

describe('the partitions of the coming days', () => {
  it('are made with what the matrix says of them', async () => {
    await superuser.query(`set local role marketplace_worker`);
    await superuser.query(`select marketplace.maintain_outbox(interval '8 days', 30)`);
    await superuser.query('reset role');
    const { rows } = await superuser.query(`select 1 from pg_class where relnamespace = 'marketplace'::regnamespace and relname ~ '^outbox_[0-9]{8}$'`);
    expect(rows.length).toBeGreaterThan(30);
    expect(await compareWithMatrix(superuser)).toEqual({ unlisted: [], onlyInCatalog: [], onlyInMatrix: [] });
  });
});

describe('the roles', () => {
  it('cannot log in, bypass policies or become one another, and no function lends its owner\'s rights but those that the matrix names', async () => {
    expect(await waysPastThePolicies(superuser)).toEqual([]);
  });

  it.each([
    ['alter role marketplace_worker bypassrls', 'marketplace_worker has bypassrls'],
    ['grant marketplace_worker to marketplace_api', 'marketplace_api may act as marketplace_worker'],
    ['alter function marketplace.clock() security definer', 'marketplace.clock() runs as its owner for everybody, by the caller\'s search_path'],
    ['grant execute on function marketplace.maintain_outbox to marketplace_api', 'marketplace.maintain_outbox(interval,integer) runs as its owner for marketplace_worker, marketplace_api'],
    ['grant create on schema marketplace to marketplace_api', 'marketplace_api may create objects in the schema'],
  ])('are told on after: %s', async (change, finding) => {
    await superuser.query(change);
    expect(await waysPastThePolicies(superuser)).toEqual([finding]);
  });
});

describe('what nobody has written into the matrix', () => {
  it('is found: a table', async () => {
    expect(await after('create table marketplace.invoice (id uuid primary key, tenant_id uuid not null)')).toMatchObject({
      unlisted: ['invoice'], onlyInCatalog: expect.arrayContaining(['invoice: row level security off']),
    });
  });

  it('is found: a view, which would read with its owner\'s rights', async () => {
    expect((await after('create view marketplace.all_orders as select * from marketplace.orders')).unlisted).toEqual(['all_orders']);
  });

  it('is found: a partition without protection of its own', async () => {
    const { onlyInCatalog } = await after(`create table marketplace.outbox_20200101 partition of marketplace.outbox for values from ('2020-01-01') to ('2020-01-02')`);
    expect(onlyInCatalog).toContain('outbox_20200101: row level security off');
  });

  it.each([
    ['row level security switched off', 'alter table marketplace.orders disable row level security', 'orders: row level security off'],
    ['the owner let through', 'alter table marketplace.orders no force row level security', 'orders: row level security on, but not for the owner'],
    ['a policy that lets everything through', 'alter policy api_select on marketplace.orders using (true)', 'orders: marketplace_api may select where true, writing nothing more'],
    ['a further policy', 'create policy more on marketplace.seat for select to public using (true)', 'seat: public may select where true, writing nothing more'],
    ['a further grant', 'grant delete on marketplace.orders to marketplace_api', 'orders: marketplace_api is granted delete'],
    ['a grant to everybody', 'grant select on marketplace.inbox to public', 'inbox: everybody is granted select'],
    ['a grant of one column', 'grant update (state) on marketplace.license to marketplace_api', 'license.state: marketplace_api is granted update'],
    ['another owner', 'alter table marketplace.inbox owner to marketplace_worker', 'inbox: owned by marketplace_worker'],
  ])('is found: %s', async (_, change, finding) => {
    const { unlisted, onlyInCatalog } = await after(change);
    expect(unlisted).toEqual([]);
    expect(onlyInCatalog).toContain(finding);
  });

  it('is found: a policy that is gone', async () => {
    expect(await after('drop policy worker_all on marketplace.inbox')).toEqual({
      unlisted: [], onlyInCatalog: [], onlyInMatrix: ['inbox: marketplace_worker may all where true, writing true'],
    });
  });
});
