import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, BUYER_SIDE, OWN_SEAT, secure } from './row-level-security';

/** Orders with their lines, status history, payments and refunds. The buyer's ids are repeated on each row so that policies never join. */
export class Orders1764000000003 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(ORDERS);
    await queryRunner.query(ORDER_STATUS);
    await queryRunner.query(PAYMENT);
    await queryRunner.query(POLICIES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const ORDERS = `
  create table marketplace.orders (
    id uuid primary key,
    number text not null unique,
    source text not null check (source in ('CHECKOUT', 'RENEWAL')),
    status text not null,
    failure_reason text,
    tenant_id uuid not null,
    buyer_id uuid,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    subtotal_minor bigint not null check (subtotal_minor >= 0),
    discount_minor bigint not null default 0 check (discount_minor between 0 and subtotal_minor),
    total_minor bigint not null,
    purchase_reference text,
    payment_return_url text,
    idempotency_key text not null,
    request_hash bytea not null,
    version integer not null check (version > 0),
    placed_at timestamptz not null,
    fulfilled_at timestamptz,
    constraint orders_idempotency_key unique (tenant_id, buyer_id, idempotency_key),
    constraint orders_of_tenant unique (id, tenant_id),
    constraint orders_total check (total_minor = subtotal_minor - discount_minor)
  );
  create index orders_tenant on marketplace.orders (tenant_id, placed_at desc, id desc);

  create table marketplace.order_line (
    id uuid primary key,
    order_id uuid not null,
    tenant_id uuid not null,
    buyer_id uuid,
    position integer not null,
    listing_id uuid not null references marketplace.listing,
    provider_tenant_id uuid not null,
    plan_id uuid not null references marketplace.pricing_plan,
    plan_revision integer not null,
    title text not null,
    terms jsonb not null,
    course_id uuid not null,
    course_version_id uuid not null,
    play_package_id text not null,
    package_format text not null,
    quantity integer not null check (quantity > 0),
    unit_price_minor bigint not null check (unit_price_minor >= 0),
    subtotal_minor bigint not null check (subtotal_minor = unit_price_minor * quantity),
    discount_minor bigint not null default 0 check (discount_minor between 0 and subtotal_minor),
    total_minor bigint not null check (total_minor = subtotal_minor - discount_minor),
    learner_ids uuid[] not null default '{}',
    unique (order_id, position),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );
  create index order_line_listing on marketplace.order_line (listing_id, tenant_id, buyer_id);

  create table marketplace.order_transition (
    order_id uuid not null,
    version integer not null,
    tenant_id uuid not null,
    buyer_id uuid,
    from_status text,
    to_status text not null,
    step text not null check (step in ('RESERVE', 'PAYMENT', 'LICENSING', 'ENROLLMENT', 'FULFILMENT')),
    at timestamptz not null,
    primary key (order_id, version),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );

  create table marketplace.course_claim (
    tenant_id uuid not null,
    learner_id uuid not null,
    course_id uuid not null,
    order_id uuid not null,
    buyer_id uuid,
    primary key (tenant_id, learner_id, course_id),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );
  create index course_claim_order on marketplace.course_claim (order_id);
  comment on table marketplace.course_claim is 'One per tenant, learner and course: a live seat, or an order for one under way (ALREADY_LICENSED).';
`;

const ORDER_STATUS = `
  create function marketplace.order_edge(old_status text, new_status text) returns boolean language sql immutable as $$
    select (old_status, new_status) in (
      ('PLACED', 'AWAITING_PAYMENT'), ('PLACED', 'LICENSING'),
      ('AWAITING_PAYMENT', 'LICENSING'), ('AWAITING_PAYMENT', 'COMPENSATING'),
      ('LICENSING', 'ENROLLING'), ('LICENSING', 'FULFILLED'), ('LICENSING', 'COMPENSATING'),
      ('ENROLLING', 'FULFILLED'), ('ENROLLING', 'COMPENSATING'),
      ('COMPENSATING', 'FAILED'), ('COMPENSATING', 'CANCELLED'),
      ('FULFILLED', 'REFUND_PENDING'), ('FULFILLED', 'PARTIALLY_REFUNDED'), ('FULFILLED', 'REFUNDED'),
      ('REFUND_PENDING', 'FULFILLED'), ('REFUND_PENDING', 'PARTIALLY_REFUNDED'), ('REFUND_PENDING', 'REFUNDED'),
      ('PARTIALLY_REFUNDED', 'REFUND_PENDING'), ('PARTIALLY_REFUNDED', 'PARTIALLY_REFUNDED'), ('PARTIALLY_REFUNDED', 'REFUNDED'))
  $$;
  create function marketplace.order_path(old_status text, new_status text, steps integer) returns boolean language sql immutable as $$
    with recursive path (status, taken) as (
      select old_status, 0
      union
      select edge.status, taken + 1
      from path cross join unnest(array['PLACED', 'AWAITING_PAYMENT', 'LICENSING', 'ENROLLING', 'FULFILLED', 'COMPENSATING',
        'FAILED', 'CANCELLED', 'REFUND_PENDING', 'PARTIALLY_REFUNDED', 'REFUNDED']) edge (status)
      where taken < steps and marketplace.order_edge(path.status, edge.status))
    select exists (select 1 from path where status = new_status and taken = steps)
  $$;
  comment on function marketplace.order_path(text, text, integer) is 'Whether as many legal status changes as the version grew by lead from one status to the other.';

  create function marketplace.check_order_status() returns trigger language plpgsql as $$
  declare
    old_status text := 'PLACED';
    old_version integer := 1;
  begin
    if tg_op = 'UPDATE' then
      old_status := old.status;
      old_version := old.version;
    end if;
    if new.version - old_version = 1 then
      if marketplace.order_edge(old_status, new.status) then return new; end if;
    elsif new.version - old_version between 0 and 4 and (tg_op = 'INSERT' or new.version > old_version)
      and marketplace.order_path(old_status, new.status, new.version - old_version) then
      return new;
    end if;
    raise exception 'order %: % (version %) → % (version %) is no legal transition', new.id, old_status, old_version, new.status, new.version
      using errcode = 'check_violation';
  end $$;
  create trigger order_begins before insert on marketplace.orders for each row execute function marketplace.check_order_status();
  create trigger order_status before update of status, version on marketplace.orders for each row
    when (old.status is distinct from new.status or old.version is distinct from new.version) execute function marketplace.check_order_status();

  create function marketplace.check_order_transition() returns trigger language plpgsql as $$
  begin
    if (new.version = 1 and new.to_status = 'PLACED' and new.from_status is null)
      or (new.version > 1 and marketplace.order_edge(new.from_status, new.to_status)) then
      return new;
    end if;
    raise exception 'order %: transition % → % (version %) is not legal', new.order_id, new.from_status, new.to_status, new.version
      using errcode = 'check_violation';
  end $$;
  create trigger order_transition_legal before insert on marketplace.order_transition for each row execute function marketplace.check_order_transition();
`;

const PAYMENT = `
  create table marketplace.payment (
    payment_id text primary key,
    order_id uuid not null references marketplace.orders,
    tenant_id uuid not null,
    buyer_id uuid,
    attempt integer not null,
    idempotency_key text not null unique,
    currency text not null,
    asked_minor bigint not null check (asked_minor >= 0),
    paid_minor bigint not null default 0 check (paid_minor >= 0),
    refunded_minor bigint not null default 0,
    payment_url text,
    tax_record_id text,
    created_at timestamptz not null,
    constraint refunds_within_payment check (refunded_minor between 0 and paid_minor)
  );
  create index payment_order on marketplace.payment (order_id);
  comment on column marketplace.payment.paid_minor is 'Net amount that billing says it took; minor units of the currency.';
  comment on column marketplace.payment.refunded_minor is 'Sum of the refunds requested or settled, kept by a trigger on refund.';

  create table marketplace.refund (
    id uuid primary key,
    payment_id text not null references marketplace.payment,
    order_id uuid not null references marketplace.orders,
    tenant_id uuid not null,
    buyer_id uuid,
    kind text not null check (kind in ('COMPENSATION', 'UNASKED')),
    initiated_by text not null check (initiated_by in ('BUYER', 'OPERATOR', 'BILLING', 'SYSTEM')),
    status text not null check (status in ('REQUESTED', 'SUCCEEDED', 'FAILED')),
    amount_minor bigint not null check (amount_minor > 0),
    currency text not null,
    reason text,
    billing_refund_id text unique,
    requested_at timestamptz not null,
    completed_at timestamptz
  );
  create index refund_order on marketplace.refund (order_id, requested_at, id);
  create unique index refund_compensation on marketplace.refund (payment_id) where kind = 'COMPENSATION' and status = 'REQUESTED';

  -- By difference, not by a sum over the rows: a concurrent refund's row would not be seen, its lock on the payment is.
  create function marketplace.add_up_refunds() returns trigger language plpgsql as $$
  declare
    difference bigint := case when new.status = 'FAILED' then 0 else new.amount_minor end;
  begin
    if tg_op = 'UPDATE' then
      difference := difference - case when old.status = 'FAILED' then 0 else old.amount_minor end;
    end if;
    update marketplace.payment set refunded_minor = refunded_minor + difference where payment_id = new.payment_id and difference <> 0;
    return null;
  end $$;
  create trigger refund_adds_up after insert or update of status, amount_minor on marketplace.refund
    for each row execute function marketplace.add_up_refunds();
`;

const OWN_ORDER = '(select marketplace.caller_tenant()) = tenant_id and (select marketplace.caller_user()) = buyer_id';

const POLICIES = `
  ${['orders', 'order_line', 'order_transition', 'payment', 'refund'].map((table) => `
    ${secure(table)}
    ${allowApi(table, 'select', BUYER_SIDE)}`).join('')}
  ${secure('course_claim')}
  ${allowApi('course_claim', 'select', `${BUYER_SIDE} or ${OWN_SEAT}`)}
  ${['orders', 'order_line', 'course_claim'].map((table) => allowApi(table, 'insert', OWN_ORDER)).join('')}
  ${allowApi('order_transition', 'insert', BUYER_SIDE)}
  ${allowApi('orders', 'update', BUYER_SIDE)}
`;
