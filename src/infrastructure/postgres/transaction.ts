import { randomInt } from 'node:crypto';
import type { PoolClient, QueryResultRow } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import { v7 } from 'uuid';
import type { Ids } from '../../application/ports/ids';
import type { Tx } from '../../application/ports/unit-of-work';

/** What a `Tx` is made of here: a connection with an open transaction, raw for hot statements, TypeORM's for cold paths. */
export class PostgresTransaction {
  readonly ids: Ids = systemIds;
  readonly afterCommitActions: (() => void)[] = [];

  constructor(
    readonly client: PoolClient,
    private readonly queryRunner: QueryRunner,
    readonly now: Date,
  ) {}

  get entities(): EntityManager {
    return this.queryRunner.manager;
  }

  afterCommit(action: () => void): void {
    this.afterCommitActions.push(action);
  }

  /** Runs a hot statement, prepared once per connection under `name`. */
  async prepared<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    return (await this.client.query<Row>({ name, text, values: [...values] })).rows;
  }

  async query<Row extends QueryResultRow>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    return (await this.client.query<Row>(text, [...values])).rows;
  }
}

export const systemIds: Ids = {
  next: <Id extends string>() => v7() as Id,
  randomText: (count, alphabet) => Array.from({ length: count }, () => alphabet[randomInt(alphabet.length)]).join(''),
};

export function asTx(transaction: PostgresTransaction): Tx {
  return transaction as unknown as Tx;
}

/** The open transaction behind the application's opaque `Tx`. */
export function inside(tx: Tx): PostgresTransaction {
  return tx as unknown as PostgresTransaction;
}
