import type { MigrationInterface, QueryRunner } from 'typeorm';
import { secure } from './row-level-security';

/** Requests of persons to be forgotten, or for what is stored about them; done ones stay, without the person, as the audit. */
export class Gdpr1764000000017 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(`
      create table marketplace.subject_request (
        id uuid primary key,
        request_id text not null,
        kind text not null,
        subject_id uuid,
        tenant_id uuid not null,
        correlation_id uuid not null,
        causation_id uuid not null,
        received_at timestamptz not null,
        created_at timestamptz not null default clock_timestamp(),
        look_at timestamptz not null default clock_timestamp(),
        told_stuck_at timestamptz,
        completed_at timestamptz,
        orders_anonymised integer,
        seats_released integer,
        forgotten_at timestamptz,
        constraint subject_request_request_id_key unique (request_id),
        constraint subject_request_kind_check check (kind in ('erasure', 'access')),
        constraint subject_request_person_check check ((completed_at is null) = (subject_id is not null))
      );
      comment on table marketplace.subject_request is 'What persons ask for by law, and that it was done; the person is named until then only.';
      comment on column marketplace.subject_request.look_at is 'Real time: when a request that has to wait is looked at again.';
      comment on column marketplace.subject_request.forgotten_at is 'When the published answer to an erasure lost the person too.';
      create index subject_request_due on marketplace.subject_request (look_at) where completed_at is null;
      create index subject_request_answered on marketplace.subject_request (completed_at) where kind = 'erasure' and completed_at is not null and forgotten_at is null;
      ${secure('subject_request')}
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}
