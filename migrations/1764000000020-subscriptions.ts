import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADMIN_SIDE, allowApi, BUYER_SIDE, secure } from './row-level-security';

/** Subscriptions, their periods (one order each, ever), and who has had a trial; renewal orders and their shorter way. */
export class Subscriptions1764000000020 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(SUBSCRIPTION);
    await queryRunner.query(PERIOD);
    await queryRunner.query(TRIAL);
    await queryRunner.query(RENEWAL_ORDERS);
    await queryRunner.query(POLICIES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const SUBSCRIPTION = `
  alter table marketplace.pricing_plan drop constraint pricing_plan_kind_check;
  alter table marketplace.pricing_plan add constraint pricing_plan_kind_check check (kind in ('ONE_TIME', 'SUBSCRIPTION', 'SEAT_PACK', 'SITE_LICENSE'));

  create table marketplace.subscription (
    id uuid primary key,
    tenant_id uuid not null,
    buyer_id uuid,
    license_id uuid not null,
    listing_id uuid not null references marketplace.listing,
    plan_id uuid not null references marketplace.pricing_plan,
    plan_revision integer not null,
    terms jsonb not null,
    quantity integer not null check (quantity > 0),
    unit_price_minor bigint not null check (unit_price_minor >= 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    state text not null check (state in ('TRIALING', 'ACTIVE', 'PAST_DUE', 'CANCELLED', 'EXPIRED')),
    anchor_at timestamptz not null,
    trial boolean not null,
    period integer not null check (period >= 0),
    current_period_start timestamptz not null,
    current_period_end timestamptz not null check (current_period_end > current_period_start),
    cancel_at_period_end boolean not null default false,
    renewal_order_id uuid references marketplace.orders,
    next_retry_at timestamptz,
    grace_ends_at timestamptz,
    started_at timestamptz not null,
    ended_at timestamptz,
    constraint subscription_license unique (license_id),
    constraint subscription_of_tenant unique (id, tenant_id),
    constraint subscription_ended check ((state in ('CANCELLED', 'EXPIRED')) = (ended_at is not null)),
    foreign key (license_id, tenant_id) references marketplace.license (id, tenant_id)
  );
  create index subscription_due on marketplace.subscription (current_period_end) where state in ('TRIALING', 'ACTIVE') and renewal_order_id is null;
  create index subscription_tenant on marketplace.subscription (tenant_id, started_at desc, id desc);
  create index subscription_listing on marketplace.subscription (listing_id);
  create index subscription_renewal_order on marketplace.subscription (renewal_order_id) where renewal_order_id is not null;
  create index subscription_buyer on marketplace.subscription (buyer_id) where ended_at is null;
  create index license_of_subscription_valid_until on marketplace.license (valid_until) where state in ('ACTIVE', 'GRACE', 'SUSPENDED') and source = 'SUBSCRIPTION';
  comment on column marketplace.subscription.anchor_at is 'Start of the first period that is paid: its day of the month is what all later ones keep.';
  comment on column marketplace.subscription.period is 'The current one, counted from 0; a trial is period 0.';
  comment on column marketplace.subscription.renewal_order_id is 'The order of the next period, while it is under way.';

  create function marketplace.check_subscription_state() returns trigger language plpgsql as $$
  begin
    if (old.state, new.state) in (('TRIALING', 'ACTIVE'), ('TRIALING', 'PAST_DUE'), ('TRIALING', 'CANCELLED'), ('TRIALING', 'EXPIRED'),
      ('ACTIVE', 'PAST_DUE'), ('ACTIVE', 'CANCELLED'), ('ACTIVE', 'EXPIRED'), ('PAST_DUE', 'ACTIVE'), ('PAST_DUE', 'CANCELLED'), ('PAST_DUE', 'EXPIRED')) then
      return new;
    end if;
    raise exception 'subscription %: % → % is no legal transition', old.id, old.state, new.state using errcode = 'check_violation';
  end $$;
  create trigger subscription_state before update of state on marketplace.subscription for each row
    when (old.state is distinct from new.state) execute function marketplace.check_subscription_state();
`;

const PERIOD = `
  create table marketplace.subscription_period (
    subscription_id uuid not null,
    period integer not null check (period >= 0),
    order_id uuid not null,
    order_line_id uuid not null references marketplace.order_line,
    license_id uuid not null,
    tenant_id uuid not null,
    buyer_id uuid,
    starts_at timestamptz not null,
    ends_at timestamptz not null,
    primary key (subscription_id, period),
    constraint subscription_period_line unique (order_line_id),
    foreign key (subscription_id, tenant_id) references marketplace.subscription (id, tenant_id),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );
  create index subscription_period_order on marketplace.subscription_period (order_id);
  comment on table marketplace.subscription_period is 'Which order pays for which period: one, ever, whatever restarts in between.';
`;

const TRIAL = `
  create table marketplace.subscription_trial (
    tenant_id uuid not null,
    buyer_id uuid not null,
    listing_id uuid not null references marketplace.listing,
    order_id uuid not null,
    primary key (tenant_id, buyer_id, listing_id),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );
  create index subscription_trial_order on marketplace.subscription_trial (order_id);
  comment on table marketplace.subscription_trial is 'Who has had a trial of what: taken with the order, given back when that is taken back.';
`;

/* A renewal goes straight from its payment to its end: nothing is licensed or enrolled, and nothing is taken back but money. */
const RENEWAL_ORDERS = `
  create function marketplace.renewal_edge(old_status text, new_status text) returns boolean language sql immutable as $$
    select (old_status, new_status) in (('PLACED', 'AWAITING_PAYMENT'), ('AWAITING_PAYMENT', 'FULFILLED'), ('AWAITING_PAYMENT', 'FAILED'))
      or (old_status not in ('PLACED', 'AWAITING_PAYMENT') and marketplace.order_edge(old_status, new_status)
        and old_status in ('FULFILLED', 'REFUND_PENDING', 'PARTIALLY_REFUNDED'))
  $$;

  create or replace function marketplace.check_order_status() returns trigger language plpgsql as $$
  declare
    old_status text := 'PLACED';
    old_version integer := 1;
  begin
    if tg_op = 'UPDATE' then
      old_status := old.status;
      old_version := old.version;
    end if;
    if new.source = 'RENEWAL' then
      if (new.version = old_version + 1 and marketplace.renewal_edge(old_status, new.status))
        or (tg_op = 'INSERT' and new.version = 1 and new.status = 'PLACED') then
        return new;
      end if;
    elsif new.version - old_version = 1 then
      if marketplace.order_edge(old_status, new.status) then return new; end if;
    elsif new.version - old_version between 0 and 4 and (tg_op = 'INSERT' or new.version > old_version)
      and marketplace.order_path(old_status, new.status, new.version - old_version) then
      return new;
    end if;
    raise exception 'order %: % (version %) → % (version %) is no legal transition', new.id, old_status, old_version, new.status, new.version
      using errcode = 'check_violation';
  end $$;

  create or replace function marketplace.check_order_transition() returns trigger language plpgsql as $$
  declare
    of_any boolean := new.version > 1 and marketplace.order_edge(new.from_status, new.to_status);
    of_renewal boolean := new.version > 1 and marketplace.renewal_edge(new.from_status, new.to_status);
  begin
    if (new.version = 1 and new.to_status = 'PLACED' and new.from_status is null) or (of_any and of_renewal) then
      return new;
    end if;
    if (of_any or of_renewal) and of_renewal = exists (select 1 from marketplace.orders o where o.id = new.order_id and o.source = 'RENEWAL') then
      return new;
    end if;
    raise exception 'order %: transition % → % (version %) is not legal', new.order_id, new.from_status, new.to_status, new.version
      using errcode = 'check_violation';
  end $$;
`;

const OWN = '(select marketplace.caller_tenant()) = tenant_id and (select marketplace.caller_user()) = buyer_id';

const POLICIES = `
  ${['subscription', 'subscription_period', 'subscription_trial'].map((table) => `${secure(table)} ${allowApi(table, 'select', BUYER_SIDE)}`).join('')}
  ${allowApi('subscription', 'update', ADMIN_SIDE)}
  ${allowApi('subscription_trial', 'insert', OWN)}
`;
