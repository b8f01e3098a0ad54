import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a saga does later, by a timer or at another replica, belongs to the trace that began it. */
export class SagaTraces1764000000021 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table marketplace.saga add column traceparent text;
      comment on column marketplace.saga.traceparent is 'W3C trace context of the commit that began it; null: there was none.';
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}
