import { randomInt } from 'node:crypto';
import type { Writable } from 'node:stream';
import type { PoolClient, QueryResultRow } from 'pg';
import type { EntityManager, QueryRunner } from 'typeorm';
import { v7 } from 'uuid';
import type { Ids } from '../../application/ports/ids';
import type { Tx } from '../../application/ports/unit-of-work';

/** What a `Tx` is made of here: a connection with an open transaction, raw for hot statements, TypeORM's for cold paths. */
export class PostgresTransaction {
  readonly ids: Ids = systemIds;
  readonly afterCommitActions: (() => void)[] = [];
  private readonly sent: Promise<unknown>[] = [];
  private failure: { readonly error: unknown } | undefined;
  private time: Date | undefined;

  constructor(
    readonly client: PoolClient,
    private readonly queryRunner: QueryRunner,
  ) {}

  get now(): Date {
    if (!this.time) throw new Error('the transaction’s time is asked for before its first answer');
    return this.time;
  }

  /** Opens it; `text` ends with a statement that tells the time as `now`. What is asked meanwhile is answered after it. */
  async begin(text: string): Promise<void> {
    const results = (await this.track(this.inOneWrite().query(text))) as unknown as { readonly rows: readonly { readonly now: Date }[] }[];
    this.time = results.at(-1)?.rows[0]?.now;
  }

  get entities(): EntityManager {
    return this.queryRunner.manager;
  }

  afterCommit(action: () => void): void {
    this.afterCommitActions.push(action);
  }

  /** Runs a hot statement, prepared once per connection under `name`. */
  async prepared<Row extends QueryResultRow>(name: string, text: string, values: readonly unknown[]): Promise<Row[]> {
    return (await this.inOneWrite().query<Row>({ name, text, values: [...values] })).rows;
  }

  /**
   * Sends a hot statement whose answer nobody needs: what follows is sent behind it without waiting. If it fails, so
   * do all that follow, and the commit with them.
   */
  send(name: string, text: string, values: readonly unknown[]): void {
    void this.track(this.inOneWrite().query({ name, text, values: [...values] }));
  }

  /** What is said in one tick leaves in one write: on a busy machine each costs as much as a small statement. */
  private inOneWrite(): PoolClient {
    const { stream } = (this.client as PoolClient & { readonly connection: { readonly stream: Writable } }).connection;
    if (stream.writableCorked === 0) {
      stream.cork();
      process.nextTick(() => { stream.uncork(); });
    }
    return this.client;
  }

  private track<Answer>(answer: Promise<Answer>): Promise<Answer> {
    answer.catch((error: unknown) => { this.failure ??= { error }; });
    this.sent.push(answer);
    return answer;
  }

  /** Commits behind everything that was sent. @throws what the first failed statement was refused for; then nothing is stored */
  async commit(): Promise<void> {
    await Promise.all([...this.sent, this.inOneWrite().query('commit')]);
  }

  /** A statement behind a failed one is refused for that only: the first one tells why. */
  reasonFor(error: unknown): unknown {
    return this.failure ? this.failure.error : error;
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
