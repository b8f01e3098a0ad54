import 'reflect-metadata';
import { types as builtInTypes } from 'pg';
import type { ClientBase, CustomTypesConfig } from 'pg';
import { DataSource } from 'typeorm';
import { ENTITIES } from '../../../entities';
import { MIGRATIONS } from '../../../migrations';
import type { DatabaseRole } from './roles';

const BIGINT_OID = 20;

/** bigint columns (money in minor units, sequences) arrive as BigInt, never as a rounded number. */
const types: CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    oid === BIGINT_OID && format !== 'binary' ? BigInt : builtInTypes.getTypeParser(oid, format as 'text')) as CustomTypesConfig['getTypeParser'],
};

/*
 * jit: statements as short as ours cost a fraction of compiling them, however many rows the planner expects.
 * plan_cache_mode: the worker's statements have one good plan each. PostgreSQL would plan many of them anew each time, since with
 * the few ids at hand the plan looks cheaper than that for any number; planning took longer than executing.
 */
const PLANNING: Readonly<Record<DatabaseRole, string>> = {
  marketplace_owner: '',
  marketplace_api: '-c jit=off',
  marketplace_worker: '-c jit=off -c plan_cache_mode=force_generic_plan',
};

export interface DatabaseSettings {
  readonly url: string;
  readonly role: DatabaseRole;
  readonly poolSize: number;
  /** How long a statement waits for a lock, in milliseconds. Default: as long as it may run. */
  readonly lockTimeoutMs?: number;
  /** How long an answer may take before its connection counts as lost, in milliseconds. Default 35,000: the server gives up at 30,000. */
  readonly answerWithinMs?: number;
}

/**
 * TypeORM's data source whose every connection works as one of our roles. The schema comes from migrations only:
 * `synchronize` never runs.
 */
export function createDataSource({ url, role, poolSize, lockTimeoutMs, answerWithinMs = 35_000 }: DatabaseSettings): DataSource {
  return new DataSource({
    type: 'postgres',
    url,
    schema: 'marketplace',
    entities: ENTITIES,
    migrations: MIGRATIONS,
    migrationsTableName: 'schema_migration',
    migrationsTransactionMode: 'each',
    synchronize: false,
    installExtensions: false,
    applicationName: role,
    extra: {
      types,
      max: poolSize,
      onConnect: outliveErrors,
      options: `-c role=${role} -c search_path=marketplace,pg_temp -c timezone=UTC ${PLANNING[role]}${lockTimeoutMs === undefined ? '' : ` -c lock_timeout=${lockTimeoutMs}`}`,
      connectionTimeoutMillis: 10_000,
      keepAlive: true,
      pipeline: true,
      statement_timeout: 30_000,
      query_timeout: answerWithinMs, // a connection whose other end has gone without a word would be waited for for ever
      idle_in_transaction_session_timeout: 60_000,
    },
  });
}

/**
 * The pool and TypeORM each listen to a connection's errors while it is theirs. Between the two, when a backend's end is read
 * together with the last word of its beginning, nobody does, and an error event without a listener ends the process.
 * Nothing is lost with it: the connection is broken, and its next statement says so.
 */
function outliveErrors(client: ClientBase): void {
  client.on('error', () => undefined);
}
