import { Client } from 'pg';
import type { DataSource, EntityMetadata } from 'typeorm';
import { createDataSource } from '../../../src/infrastructure/postgres/data-source';
import { createTestDatabase, type TestDatabase } from '../../support/database';

/**
 * Migrations make the schema and entities describe it: neither is generated from the other, so this is what keeps them
 * the same. Each comparison is of whole sets: what only one side knows shows up as a line of the difference.
 */
let database: TestDatabase;
let superuser: Client;
let dataSource: DataSource;

beforeAll(async () => {
  database = await createTestDatabase();
  superuser = new Client({ connectionString: database.url });
  await superuser.connect();
  dataSource = await createDataSource({ url: database.url, role: 'marketplace_api', poolSize: 1 }).initialize();
});
afterAll(async () => {
  await dataSource.destroy();
  await superuser.end();
  await database.drop();
});

/** Tables without an entity: TypeORM's own list of migrations. Partitions are rows of their parent. */
const NOT_MAPPED = ['schema_migration'];
const TABLES = `select oid, relname from pg_class where relnamespace = 'marketplace'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')
  and not relispartition and relname <> all ($1::text[])`;

const COLUMNS = `with t as (${TABLES})
  select concat_ws(' ', t.relname || '.' || attname, format_type(atttypid, null), case when attnotnull then 'not null' else 'null' end, case when atthasdef then 'default' end) as line
  from t join pg_attribute on attrelid = t.oid where attnum > 0 and not attisdropped`;

const INDEXES = `with t as (${TABLES})
  select concat_ws(' ', case when indisunique then 'unique' end, i.relname, 'on', t.relname, (
      select string_agg(attname, ', ' order by ordinal) from unnest(indkey::smallint[]) with ordinality as k (attnum, ordinal) join pg_attribute a on a.attrelid = t.oid and a.attnum = k.attnum),
    case when indpred is not null then 'where' end) as line
  from t join pg_index on indrelid = t.oid join pg_class i on i.oid = indexrelid where not indisprimary`;

const PRIMARY_KEYS = `with t as (${TABLES})
  select t.relname || ': ' || (select string_agg(attname, ', ' order by attname) from pg_attribute where attrelid = t.oid and attnum = any (conkey)) as line
  from t join pg_constraint on conrelid = t.oid and contype = 'p'`;

async function inCatalog(query: string): Promise<string[]> {
  return (await superuser.query<{ line: string }>(query, [NOT_MAPPED])).rows.map((row) => row.line).sort();
}
function inEntities(linesOf: (entity: EntityMetadata) => string[]): string[] {
  return dataSource.entityMetadatas.flatMap(linesOf).sort();
}

function columnLines(entity: EntityMetadata): string[] {
  return entity.columns.map((column) => [
    `${entity.tableName}.${column.databaseName}`,
    dataSource.driver.normalizeType(column) + (column.isArray ? '[]' : ''),
    column.isNullable ? 'null' : 'not null',
    ...(column.default === undefined ? [] : ['default']),
  ].join(' '));
}

/** To PostgreSQL a unique constraint is an index too. */
function indexLines(entity: EntityMetadata): string[] {
  const names = (columns: EntityMetadata['columns']) => columns.map((column) => column.databaseName).join(', ');
  return [
    ...entity.indices.map((index) =>
      `${index.isUnique ? 'unique ' : ''}${index.name} on ${entity.tableName} ${names(index.columns)}${index.where === undefined ? '' : ' where'}`),
    ...entity.uniques.map((unique) => `unique ${unique.name} on ${entity.tableName} ${names(unique.columns)}`),
  ];
}

describe('the entities and the migrated schema', () => {
  it('have the same tables and columns: name, type, nullability, array, default or none', async () => {
    const columns = await inCatalog(COLUMNS);
    expect(columns.length).toBeGreaterThan(200);
    expect(inEntities(columnLines)).toEqual(columns);
  });

  it('have the same primary keys', async () => {
    expect(inEntities((entity) => [`${entity.tableName}: ${entity.primaryColumns.map((column) => column.databaseName).sort().join(', ')}`]))
      .toEqual(await inCatalog(PRIMARY_KEYS));
  });

  it('have the same indexes and unique constraints: name, columns in their order, uniqueness, partial or whole', async () => {
    expect(inEntities(indexLines)).toEqual(await inCatalog(INDEXES));
  });

  it('mean the same by each check that an entity states', async () => {
    const definitionOf = async (table: string, name: string | undefined) => (await superuser.query<{ definition: string }>(
      `select pg_get_constraintdef(oid) as definition from pg_constraint where conrelid = $1::regclass and conname = $2`, [`marketplace.${table}`, name])).rows[0]?.definition;
    const checks = dataSource.entityMetadatas.flatMap((entity) => entity.checks.map(({ name, expression }) => ({ table: entity.tableName, name, expression })));
    expect(checks.length).toBeGreaterThan(25);
    for (const { table, name, expression } of checks) {
      // The database prints both: as the migration wrote it, and as the entity does.
      await superuser.query('begin');
      await superuser.query(`alter table marketplace.${table} add constraint as_the_entity_says check (${expression})`);
      const stated = await definitionOf(table, 'as_the_entity_says');
      await superuser.query('rollback');
      expect([table, name, stated]).toEqual([table, name, await definitionOf(table, name)]);
    }
  });

  it.each([
    ['a table', 'create table marketplace.invoice (id uuid primary key)', 'invoice.id uuid not null'],
    ['a column', 'alter table marketplace.seat add label text', 'seat.label text null'],
    ['a default', 'alter table marketplace.seat alter state set default $$AVAILABLE$$', 'seat.state text not null default'],
    ['another type', 'alter table marketplace.seat alter enrollment_id type varchar', 'seat.enrollment_id character varying null'],
  ])('differ as soon as a migration brings %s that no entity has', async (_, migration, line) => {
    await superuser.query('begin');
    try {
      await superuser.query(migration);
      expect((await inCatalog(COLUMNS)).filter((column) => !inEntities(columnLines).includes(column))).toEqual([line]);
    } finally {
      await superuser.query('rollback');
    }
  });
});
