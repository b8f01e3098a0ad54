import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, BUYER_SIDE, OWN_SEAT, PROVIDER_SIDE, secure } from './row-level-security';

/** Licences, the durable artefact of a purchase, and their seats: rows taken one by one, never a counter. */
export class Licenses1764000000004 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(LICENSE);
    await queryRunner.query(SEAT);
    await queryRunner.query(POLICIES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const LICENSE = `
  create table marketplace.license (
    id uuid primary key,
    order_id uuid,
    order_line_id uuid references marketplace.order_line,
    tenant_id uuid not null,
    buyer_id uuid,
    listing_id uuid not null references marketplace.listing,
    plan_id uuid not null,
    plan_revision integer not null,
    terms jsonb not null,
    course_id uuid not null,
    course_version_id uuid not null,
    play_package_id text not null,
    package_format text not null,
    source text not null check (source in ('PURCHASE', 'SUBSCRIPTION', 'GRANT')),
    state text not null check (state in ('ACTIVE', 'GRACE', 'SUSPENDED', 'EXPIRED', 'REVOKED')),
    state_reason text,
    perpetual_offline boolean not null,
    valid_from timestamptz not null,
    valid_until timestamptz,
    seats_total integer check (seats_total > 0),
    constraint license_per_line unique (order_line_id),
    constraint license_of_tenant unique (id, tenant_id),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );
  create index license_order on marketplace.license (order_id);
  create index license_tenant on marketplace.license (tenant_id, valid_from desc, id desc);
  create index license_listing on marketplace.license (listing_id);
  create index license_course on marketplace.license (tenant_id, course_id);
  comment on column marketplace.license.seats_total is 'Null: unlimited (site licence).';

  create function marketplace.check_license_state() returns trigger language plpgsql as $$
  begin
    if old.state = 'REVOKED' or (old.state = 'EXPIRED' and new.state <> 'REVOKED') then
      raise exception 'license %: % → % is no legal transition', old.id, old.state, new.state using errcode = 'check_violation';
    end if;
    return new;
  end $$;
  create trigger license_state before update of state on marketplace.license for each row
    when (old.state is distinct from new.state) execute function marketplace.check_license_state();
`;

const SEAT = `
  create table marketplace.seat (
    id uuid primary key,
    license_id uuid not null,
    order_id uuid,
    tenant_id uuid not null,
    buyer_id uuid,
    state text not null check (state in ('AVAILABLE', 'ASSIGNED', 'ENROLLED', 'CONSUMED', 'REVOKED')),
    assignment_id uuid unique,
    learner_id uuid,
    enrollment_id text,
    at_purchase boolean not null default false,
    assigned_at timestamptz,
    consumed_at timestamptz,
    foreign key (license_id, tenant_id) references marketplace.license (id, tenant_id),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id),
    constraint seat_holder check (case
      when state = 'AVAILABLE' then assignment_id is null and learner_id is null and enrollment_id is null
      when state = 'ASSIGNED' then assignment_id is not null and learner_id is not null and enrollment_id is null
      when state in ('ENROLLED', 'CONSUMED') then assignment_id is not null and learner_id is not null and enrollment_id is not null
      else true end)
  );
  create index seat_license on marketplace.seat (license_id, id);
  create index seat_at_purchase on marketplace.seat (order_id) where at_purchase;
  create index seat_free on marketplace.seat (license_id, id) where state = 'AVAILABLE';
  create unique index seat_learner on marketplace.seat (license_id, learner_id) where state in ('ASSIGNED', 'ENROLLED', 'CONSUMED');
  create index seat_own on marketplace.seat (tenant_id, learner_id) where learner_id is not null;
  comment on column marketplace.seat.at_purchase is 'Assigned with the order and not yet given back: what the purchase saga''s enrollment step waits for.';

  create function marketplace.check_seat_state() returns trigger language plpgsql as $$
  begin
    if not ((old.state, new.state) in (('AVAILABLE', 'ASSIGNED'), ('ASSIGNED', 'ENROLLED'), ('ASSIGNED', 'CONSUMED'), ('ENROLLED', 'CONSUMED'),
      ('ASSIGNED', 'AVAILABLE'), ('ENROLLED', 'AVAILABLE'), ('CONSUMED', 'AVAILABLE')) or (new.state = 'REVOKED' and old.state <> 'REVOKED')) then
      raise exception 'seat %: % → % is no legal transition', old.id, old.state, new.state using errcode = 'check_violation';
    end if;
    return new;
  end $$;
  create trigger seat_state before update of state on marketplace.seat for each row
    when (old.state is distinct from new.state) execute function marketplace.check_seat_state();

  create table marketplace.former_assignment (
    assignment_id uuid primary key,
    seat_id uuid not null references marketplace.seat,
    license_id uuid not null references marketplace.license,
    tenant_id uuid not null,
    buyer_id uuid,
    learner_id uuid not null,
    enrollment_id text,
    ended_as text not null check (ended_as in ('RELEASED', 'REJECTED', 'REVOKED')),
    ended_at timestamptz not null
  );
  create index former_assignment_seat on marketplace.former_assignment (seat_id);
  comment on table marketplace.former_assignment is 'Assignments that ended: a late word about one changes no seat, and the neighbour is told again.';
`;

/* An order with nothing to pay is licensed in the transaction that places it, in the buyer's name; any other by the worker. */
const NOTHING_TO_PAY = `tenant_id = (select marketplace.caller_tenant()) and buyer_id = (select marketplace.caller_user())
  and exists (select 1 from marketplace.orders o where o.id = order_id and o.total_minor = 0 and o.status = 'LICENSING')`;
/* A listing stays visible to everyone with an order or a licence on it. */
const BOUGHT = 'exists (select 1 from marketplace.order_line ol where ol.listing_id = listing.id)';
const LICENSED = 'exists (select 1 from marketplace.license l where l.listing_id = listing.id)';

const POLICIES = `
  ${['license', 'seat', 'former_assignment'].map(secure).join('')}
  ${allowApi('seat', 'select', `${BUYER_SIDE} or ${OWN_SEAT}`)}
  ${allowApi('license', 'select', `${BUYER_SIDE} or exists (select 1 from marketplace.seat s where s.license_id = license.id and s.state <> 'REVOKED' and s.learner_id = (select marketplace.caller_user()))`)}
  ${allowApi('listing', 'select', `status = 'LIVE' or ${PROVIDER_SIDE} or ${BOUGHT} or ${LICENSED}`)}
  ${allowApi('license', 'insert', NOTHING_TO_PAY)}
  ${allowApi('seat', 'insert', NOTHING_TO_PAY)}
`;
