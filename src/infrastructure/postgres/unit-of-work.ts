import { escapeLiteral } from 'pg';
import type { PoolClient } from 'pg';
import type { DataSource, QueryRunner } from 'typeorm';
import type { Actor } from '../../application/actor';
import { inSpan } from '../../application/tracing';
import type { RunOptions, Tx, UnitOfWork } from '../../application/ports/unit-of-work';
import { faultPoint } from '../faults/fault-points';
import { asTx, PostgresTransaction } from './transaction';

const SERIALIZATION_FAILURE = '40001';
const DEADLOCK = '40P01';
/** Two orders drew the same number: the next try draws another. */
const NUMBER_TAKEN = 'orders_number_key';
const MAX_TRIES = 8;
/** Statements of transactions that write have one good plan each, in a caller's name as in ours (see `PLANNING`); those that read may filter by what is given. */
const ONE_PLAN = `set_config('plan_cache_mode', 'force_generic_plan', true),`;

/** Units of work on PostgreSQL: callers' on the API role's pool, this service's own on the worker role's. */
export class PostgresUnitOfWork implements UnitOfWork {
  constructor(
    private readonly api: DataSource,
    private readonly worker: DataSource,
  ) {}

  async run<T>(actor: Actor, work: (tx: Tx) => Promise<T>, options: RunOptions = {}): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await (options.commit ? inSpan(`commit ${options.commit}`, {}, () => this.once(actor, work, options)) : this.once(actor, work, options));
      } catch (error) {
        if (attempt === MAX_TRIES || !mayWorkNextTime(error)) throw error;
      }
    }
  }

  private async once<T>(actor: Actor, work: (tx: Tx) => Promise<T>, { commit, ahead = false }: RunOptions): Promise<T> {
    const queryRunner = (actor.kind === 'worker' ? this.worker : this.api).createQueryRunner();
    const client = (await queryRunner.connect()) as PoolClient;
    const transaction = new PostgresTransaction(client, queryRunner);
    try {
      const begun = transaction.begin(`begin${commit ? '' : ' read only'}; select ${identity(actor)}${commit ? ONE_PLAN : ''} marketplace.clock() as now`);
      markTransaction(queryRunner, true);
      if (ahead) begun.catch(() => undefined); // then so does what comes behind it
      else await begun;
      const result = await work(asTx(transaction));
      if (commit) {
        faultPoint(`${commit}:before-commit`);
        await transaction.commit();
        faultPoint(`${commit}:after-commit`);
      } else endReading(client);
      markTransaction(queryRunner, false);
      for (const action of transaction.afterCommitActions) action();
      return result;
    } catch (error) {
      if (isUnanswered(error)) abandon(client);
      else await client.query('rollback').catch(() => undefined);
      markTransaction(queryRunner, false);
      throw transaction.reasonFor(error);
    } finally {
      await queryRunner.release();
    }
  }
}

/** What pg says when `query_timeout` has passed. */
function isUnanswered(error: unknown): boolean {
  return error instanceof Error && error.message === 'Query read timeout';
}

/** Nothing depends on how a transaction ends that only read: nobody waits for it, and whoever has the connection next is served after it. */
function endReading(client: PoolClient): void {
  client.query('commit').catch(() => { abandon(client); });
}

/** Nothing more can be said on this connection: it is closed at once, and the pool makes another. */
function abandon(client: PoolClient): void {
  void (client as PoolClient & { end(): Promise<void> }).end();
}

/** Whose the transaction is, in the same message that opens it. */
function identity(actor: Actor): string {
  if (actor.kind === 'worker') return '';
  const settings = actor.kind === 'user' ? [actor.tenantId, actor.userId, [...actor.roles].join(',')] : ['', '', ''];
  return ['app.tenant_id', 'app.user_id', 'app.roles']
    .map((name, i) => `set_config('${name}', ${escapeLiteral(settings[i] ?? '')}, true),`)
    .join(' ');
}

/** Tells TypeORM that a transaction is open, so that its own `save` does not begin another. */
function markTransaction(queryRunner: QueryRunner, open: boolean): void {
  (queryRunner as { isTransactionActive: boolean }).isTransactionActive = open;
}

function mayWorkNextTime(error: unknown): boolean {
  const state = sqlStateOf(error);
  return state === SERIALIZATION_FAILURE || state === DEADLOCK || (error as { constraint?: unknown } | null)?.constraint === NUMBER_TAKEN;
}

export function sqlStateOf(error: unknown): string | undefined {
  if (typeof error !== 'object' || error === null) return undefined;
  const { code, driverError } = error as { code?: unknown; driverError?: { code?: unknown } };
  const state = code ?? driverError?.code;
  return typeof state === 'string' ? state : undefined;
}
