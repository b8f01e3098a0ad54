import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Free seats are taken from places of chance. Seats that are there already keep the first place, which costs no rewriting of the
 * table, and are found as before. The index is made anew under its name, for the code of before reads by the licence alone.
 */
export class SeatPlaces1764000000023 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      alter table marketplace.seat add column place integer not null default 0;
      alter table marketplace.seat alter column place set default (random() * 2147483647);
      drop index marketplace.seat_free;
      create index seat_free on marketplace.seat (license_id, place) where state = 'AVAILABLE';
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}
