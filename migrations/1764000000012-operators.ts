import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, PLATFORM_ADMIN, secure } from './row-level-security';

/** What operators do by hand, kept for good; dead letters for them to see; and the one status change that only they make. */
export class Operators1764000000012 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(AUDIT);
    await queryRunner.query(ORDER_EDGE);
    await queryRunner.query(`
      ${allowApi('dead_letter', 'select', PLATFORM_ADMIN)}
      alter table marketplace.dead_letter add replayed_by uuid;
      create index inbox_received on marketplace.inbox (received_at);
      create index dead_letter_at on marketplace.dead_letter (at desc, id desc);
    `);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

/* Who did it may be forgotten by law; everything else stays as it was written. */
const AUDIT = `
  create table marketplace.operator_action (
    id uuid primary key,
    action text not null,
    target text not null,
    target_id uuid,
    actor_id uuid,
    actor text not null,
    reason text,
    before jsonb,
    after jsonb,
    at timestamptz not null
  );
  comment on table marketplace.operator_action is 'What operators did by hand: who, what, on what, why, when, and how it stood before and after. Append-only.';
  comment on column marketplace.operator_action.actor is 'PERSON: actor_id names who. COMMAND: a command of the service, run by whoever has its database URL.';
  create index operator_action_target on marketplace.operator_action (target_id, at);
  create index operator_action_at on marketplace.operator_action (at);
  alter table marketplace.operator_action add constraint operator_action_actor_check check (actor in ('PERSON', 'COMMAND'));
  ${secure('operator_action')}

  create function marketplace.keep_operator_action() returns trigger language plpgsql as $$
  begin
    if tg_op = 'UPDATE' and to_jsonb(new) - 'actor_id' = to_jsonb(old) - 'actor_id' then return new; end if;
    raise exception 'what operators did is never changed' using errcode = 'check_violation';
  end $$;
  create trigger operator_action_kept before update or delete on marketplace.operator_action for each row execute function marketplace.keep_operator_action();
`;

/* COMPENSATING → FULFILLED: an operator keeps an order whose money could not be given back (docs/adr/0011). */
const ORDER_EDGE = `
  create or replace function marketplace.order_edge(old_status text, new_status text) returns boolean language sql immutable as $$
    select (old_status, new_status) in (
      ('PLACED', 'AWAITING_PAYMENT'), ('PLACED', 'LICENSING'),
      ('AWAITING_PAYMENT', 'LICENSING'), ('AWAITING_PAYMENT', 'COMPENSATING'),
      ('LICENSING', 'ENROLLING'), ('LICENSING', 'FULFILLED'), ('LICENSING', 'COMPENSATING'),
      ('ENROLLING', 'FULFILLED'), ('ENROLLING', 'COMPENSATING'),
      ('COMPENSATING', 'FAILED'), ('COMPENSATING', 'CANCELLED'), ('COMPENSATING', 'FULFILLED'),
      ('FULFILLED', 'REFUND_PENDING'), ('FULFILLED', 'PARTIALLY_REFUNDED'), ('FULFILLED', 'REFUNDED'),
      ('REFUND_PENDING', 'FULFILLED'), ('REFUND_PENDING', 'PARTIALLY_REFUNDED'), ('REFUND_PENDING', 'REFUNDED'),
      ('PARTIALLY_REFUNDED', 'REFUND_PENDING'), ('PARTIALLY_REFUNDED', 'PARTIALLY_REFUNDED'), ('PARTIALLY_REFUNDED', 'REFUNDED'))
  $$;
`;
