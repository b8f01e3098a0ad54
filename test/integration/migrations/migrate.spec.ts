import { Client } from 'pg';
import { MIGRATIONS } from '../../../migrations';
import { migrate } from '../../../src/migrate';
import { createTestDatabase, required } from '../../support/database';
import type { TestDatabase } from '../../support/database';
import { waitFor } from '../../support/wait';

const NAMES = MIGRATIONS.map((migration) => migration.name);
const within = { withinMs: 30_000 };
let admin: Client;
beforeAll(async () => {
  admin = new Client({ connectionString: required('TEST_ADMIN_DATABASE_URL') });
  await admin.connect();
  jest.spyOn(console, 'warn').mockImplementation(() => undefined);
});
afterAll(() => admin.end());

describe('two migrators at once', () => {
  const name = `marketplace_test_migrators_${process.pid}`;
  const url = new URL(required('TEST_ADMIN_DATABASE_URL'));
  url.pathname = `/${name}`;
  beforeAll(() => admin.query(`create database ${name}`));
  afterAll(() => admin.query(`drop database ${name} with (force)`));

  it('given an empty database, one of them does all of it, the other finds nothing left', async () => {
    const applied = await Promise.all([migrate(url.href), migrate(url.href)]);
    expect(applied.map((names) => names.length).sort()).toEqual([0, NAMES.length].sort());
    expect(applied.flat()).toEqual(NAMES);
  });
});

describe('a table that is in use', () => {
  let database: TestDatabase;
  let user: Client;
  beforeAll(async () => {
    database = await createTestDatabase();
    user = new Client({ connectionString: database.url });
    await user.connect();
    await user.query('begin; lock table marketplace.schema_migration in access exclusive mode');
  });
  afterAll(async () => {
    await user.end();
    await database.drop();
  });

  it('given it is held for longer than may be waited, the migrator gives up rather than hold up those behind it', async () => {
    await expect(migrate(database.url, { lockTimeoutMs: 50, tries: 1 })).rejects.toMatchObject({ code: '55P03' });
  });

  it('given it is let go of, the next try gets on', async () => {
    const migrating = migrate(database.url, { lockTimeoutMs: 50, tries: 20 });
    await waitFor(() => jest.mocked(console.warn).mock.calls.length > 0, { ...within, what: 'a try that had to give up' });
    await user.query('rollback');
    expect(await migrating).toEqual([]);
  });
});
