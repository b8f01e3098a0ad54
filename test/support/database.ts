import { randomBytes } from 'node:crypto';
import { Client } from 'pg';

/** A database of the test's own: a migrated copy of the template that `npm test` prepares. */
export interface TestDatabase {
  readonly name: string;
  /** Of the superuser, who may read and write every row. */
  readonly url: string;
  /** Drops it; connections that are still open are cut. */
  drop(): Promise<void>;
}

/** Clones the migrated template. Needs the environment of `npm test`. */
export async function createTestDatabase(): Promise<TestDatabase> {
  const adminUrl = required('TEST_ADMIN_DATABASE_URL');
  const template = required('TEST_TEMPLATE_DATABASE');
  const name = `marketplace_test_${randomBytes(6).toString('hex')}`;
  await execute(adminUrl, `create database ${name} template ${template}`);
  const url = new URL(adminUrl);
  url.pathname = `/${name}`;
  return {
    name,
    url: url.href,
    drop: () => execute(adminUrl, `drop database if exists ${name} with (force)`),
  };
}

async function execute(url: string, statement: string): Promise<void> {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** A setting that `npm test` hands down. @throws one line that says what to run instead. */
export function required(name: string): string {
  const value = process.env[name];
  if (value === undefined) throw new Error(`${name} is not set: run this test by \`npm test -- <path>\``);
  return value;
}
