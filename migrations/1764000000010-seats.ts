import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADMIN_SIDE, allowApi, BUYER_SIDE, PLATFORM_ADMIN, replaceApi } from './row-level-security';

/** Seats that change hands after the purchase; licences that expire by date, are granted and revoked by operators. */
export class Seats1764000000010 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(LICENSE);
    await queryRunner.query(SEAT);
    await queryRunner.query(CLAIM);
    await queryRunner.query(POLICIES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const LICENSE = `
  alter table marketplace.license
    add column reassignments integer not null default 0,
    add column expiring_told_at timestamptz,
    add constraint license_reassignments_within_limit
      check (reassignments between 0 and coalesce((terms ->> 'seatReassignmentLimit')::integer, 2147483647));
  comment on column marketplace.license.reassignments is 'How often a seat that had been started was given back: counts against the terms'' seatReassignmentLimit.';
  comment on column marketplace.license.expiring_told_at is 'When license.expiring was published, once.';
  create index license_valid_until on marketplace.license (valid_until) where state = 'ACTIVE' and source <> 'SUBSCRIPTION' and valid_until is not null;

  create or replace function marketplace.check_license_state() returns trigger language plpgsql as $$
  begin
    if (old.state, new.state) in (
      ('ACTIVE', 'GRACE'), ('ACTIVE', 'SUSPENDED'), ('ACTIVE', 'EXPIRED'), ('ACTIVE', 'REVOKED'),
      ('GRACE', 'ACTIVE'), ('GRACE', 'SUSPENDED'), ('GRACE', 'EXPIRED'), ('GRACE', 'REVOKED'),
      ('SUSPENDED', 'ACTIVE'), ('SUSPENDED', 'EXPIRED'), ('SUSPENDED', 'REVOKED'), ('EXPIRED', 'REVOKED')) then
      return new;
    end if;
    raise exception 'license %: % → % is no legal transition', old.id, old.state, new.state using errcode = 'check_violation';
  end $$;
`;

/* Rows are hidden from their owner too (forced policies), so filling a new column in takes that off for a moment. */
const SEAT = `
  alter table marketplace.seat
    add column ever_consumed boolean not null default false,
    add column ask_at timestamptz,
    add column asked integer not null default 0;
  alter table marketplace.seat no force row level security;
  update marketplace.seat set ever_consumed = true where state = 'CONSUMED' or consumed_at is not null;
  alter table marketplace.seat force row level security;
  comment on column marketplace.seat.ever_consumed is 'Stays true when the seat is given to somebody else: what the refund rule counts.';
  comment on column marketplace.seat.ask_at is 'When enrollment is asked again about the assignment, or it is given up, in business time.';
  create index seat_ask_due on marketplace.seat (ask_at) where ask_at is not null;

  create function marketplace.follow_seat_state() returns trigger language plpgsql as $$
  begin
    if new.state = 'CONSUMED' then new.ever_consumed := true; end if;
    if new.state <> 'ASSIGNED' then
      new.ask_at := null;
      new.asked := 0;
    end if;
    if new.state = 'AVAILABLE' then new.consumed_at := null; end if;
    return new;
  end $$;
  create trigger seat_state_followed before update of state on marketplace.seat for each row
    when (old.state is distinct from new.state) execute function marketplace.follow_seat_state();

  create function marketplace.check_seat_count() returns trigger language plpgsql as $$
  declare
    full_license uuid;
  begin
    select l.id into full_license from marketplace.license l
    where l.id in (select license_id from added) and (select count(*) from marketplace.seat s where s.license_id = l.id) > l.seats_total
    limit 1;
    if full_license is not null then
      raise exception 'license %: more seats than its total', full_license using errcode = 'check_violation';
    end if;
    return null;
  end $$;
  create trigger seat_within_total after insert on marketplace.seat referencing new table as added
    for each statement execute function marketplace.check_seat_count();
`;

const CLAIM = `
  alter table marketplace.course_claim
    alter column order_id drop not null,
    add column license_id uuid,
    add constraint course_claim_license_fkey foreign key (license_id, tenant_id) references marketplace.license (id, tenant_id),
    add constraint course_claim_held_by check (num_nonnulls(order_id, license_id) > 0);
  create index course_claim_license on marketplace.course_claim (license_id);
  comment on column marketplace.course_claim.license_id is 'The licence whose seat was assigned after the purchase.';
`;

/* As before: an order with nothing to pay is licensed in the transaction that places it, in the buyer's name. */
const NOTHING_TO_PAY = `tenant_id = (select marketplace.caller_tenant()) and buyer_id = (select marketplace.caller_user())
  and exists (select 1 from marketplace.orders o where o.id = order_id and o.total_minor = 0 and o.status = 'LICENSING')`;

const POLICIES = `
  ${replaceApi('license', 'insert', `(${NOTHING_TO_PAY}) or (${PLATFORM_ADMIN} and source = 'GRANT')`)}
  ${allowApi('license', 'update', ADMIN_SIDE)}
  ${replaceApi('seat', 'insert', `(${NOTHING_TO_PAY}) or ${ADMIN_SIDE}`)}
  ${allowApi('seat', 'update', ADMIN_SIDE)}
  ${allowApi('former_assignment', 'insert', ADMIN_SIDE)}
  ${replaceApi('course_claim', 'insert', BUYER_SIDE)}
  ${allowApi('course_claim', 'delete', ADMIN_SIDE)}
`;
