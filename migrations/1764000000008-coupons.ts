import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, PROVIDER_SIDE, secure } from './row-level-security';

/**
 * Coupons with their counted uses, and what tenants have spent per month. A buyer may see neither, yet their order
 * counts there: that goes through the four narrow functions at the end, which know their caller by the settings that
 * row level security reads too.
 */
export class Coupons1764000000008 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(COUPONS);
    await queryRunner.query(SPEND);
    await queryRunner.query(ON_ORDERS);
    await queryRunner.query(POLICIES);
    await queryRunner.query(COUPON_BY_CODE);
    await queryRunner.query(RESERVE_COUPON);
    await queryRunner.query(RESERVE_SPEND);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const COUPONS = `
  create table marketplace.coupon (
    id uuid primary key,
    code text not null,
    code_key text not null,
    funding text not null,
    provider_tenant_id uuid,
    percent_hundredths integer,
    amount_minor bigint,
    currency text,
    starts_at timestamptz,
    ends_at timestamptz,
    active boolean not null default true,
    max_redemptions integer,
    max_per_tenant integer,
    max_per_buyer integer,
    minimum_minor bigint,
    minimum_currency text,
    listing_ids uuid[] not null default '{}',
    tenant_ids uuid[] not null default '{}',
    reserved integer not null default 0,
    redeemed integer not null default 0,
    created_at timestamptz not null,
    constraint coupon_code_key unique (code_key),
    constraint coupon_funded check ((funding = 'PROVIDER' and provider_tenant_id is not null) or (funding = 'PLATFORM' and provider_tenant_id is null)),
    constraint coupon_off check ((percent_hundredths between 1 and 10000 and amount_minor is null and currency is null)
      or (percent_hundredths is null and amount_minor > 0 and currency is not null)),
    constraint coupon_minimum check ((minimum_minor is null) = (minimum_currency is null)),
    constraint coupon_uses check (reserved >= 0 and redeemed >= 0 and (max_redemptions is null or reserved + redeemed <= max_redemptions))
  );
  create index coupon_provider on marketplace.coupon (provider_tenant_id, created_at, id);
  comment on column marketplace.coupon.code_key is 'The code without regard to case; unique.';
  comment on column marketplace.coupon.percent_hundredths is 'Hundredths of a percent: 1250 is 12.5 %.';
  comment on constraint coupon_uses on marketplace.coupon is 'reserved + redeemed never pass the bound, at no instant.';

  create table marketplace.coupon_redemption (
    order_id uuid primary key,
    coupon_id uuid not null references marketplace.coupon,
    tenant_id uuid not null,
    buyer_id uuid,
    state text not null check (state in ('RESERVED', 'REDEEMED', 'RELEASED')),
    discount_minor bigint not null check (discount_minor >= 0),
    currency text not null,
    reserved_at timestamptz not null,
    redeemed_at timestamptz,
    released_at timestamptz,
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );
  create index coupon_redemption_coupon on marketplace.coupon_redemption (coupon_id);

  create table marketplace.coupon_tenant_use (
    coupon_id uuid not null references marketplace.coupon,
    tenant_id uuid not null,
    used integer not null,
    max integer not null,
    primary key (coupon_id, tenant_id),
    constraint coupon_tenant_uses check (used between 0 and max)
  );
  create table marketplace.coupon_buyer_use (
    coupon_id uuid not null references marketplace.coupon,
    tenant_id uuid not null,
    buyer_id uuid not null,
    used integer not null,
    max integer not null,
    primary key (coupon_id, tenant_id, buyer_id),
    constraint coupon_buyer_uses check (used between 0 and max)
  );
  comment on table marketplace.coupon_tenant_use is 'Uses of a coupon that is bounded per tenant, reserved or redeemed.';
  comment on table marketplace.coupon_buyer_use is 'Uses of a coupon that is bounded per buyer, reserved or redeemed.';
`;

const SPEND = `
  create table marketplace.purchase_spend (
    order_id uuid primary key,
    tenant_id uuid not null,
    currency text not null,
    month date not null,
    amount_minor bigint not null check (amount_minor > 0),
    foreign key (order_id, tenant_id) references marketplace.orders (id, tenant_id)
  );
  create index purchase_spend_month on marketplace.purchase_spend (tenant_id, currency, month);
  comment on table marketplace.purchase_spend is 'What each order counts against its tenant''s cap, in the month (UTC) that it was placed in; gone with compensation.';
`;

const ON_ORDERS = `
  alter table marketplace.orders add column coupon_code text;
  alter table marketplace.order_line add column platform_discount_minor bigint not null default 0;
  alter table marketplace.order_line add constraint order_line_platform_discount check (platform_discount_minor between 0 and discount_minor);
  comment on column marketplace.order_line.platform_discount_minor is 'The part of the discount that the platform bears; minor units. The provider bears the rest.';
`;

const TABLES = ['coupon', 'coupon_redemption', 'coupon_tenant_use', 'coupon_buyer_use', 'purchase_spend'];

const POLICIES = `
  ${TABLES.map(secure).join('')}
  ${TABLES.map((table) => `create policy owner_all on marketplace.${table} to marketplace_owner using (true) with check (true);`).join('\n')}
  ${allowApi('coupon', 'select', PROVIDER_SIDE)}
  ${allowApi('coupon', 'insert', PROVIDER_SIDE)}
  ${allowApi('coupon', 'update', PROVIDER_SIDE)}
`;

function onlyForCallers(signature: string): string {
  return `
    revoke all on function marketplace.${signature} from public;
    grant execute on function marketplace.${signature} to marketplace_api;`;
}

/** Whoever knows a code may read the coupon's terms, and how often they and their tenant have used it. */
const COUPON_BY_CODE = `
  create function marketplace.coupon_by_code(key text)
  returns table (id uuid, code text, funding text, provider_tenant_id uuid, percent_hundredths integer, amount_minor bigint, currency text,
    starts_at timestamptz, ends_at timestamptz, active boolean, minimum_minor bigint, minimum_currency text, listing_ids uuid[], tenant_ids uuid[], exhausted boolean)
  language sql stable security definer set search_path = marketplace, pg_temp as $$
    select c.id, c.code, c.funding, c.provider_tenant_id, c.percent_hundredths, c.amount_minor, c.currency,
      c.starts_at, c.ends_at, c.active, c.minimum_minor, c.minimum_currency, c.listing_ids, c.tenant_ids,
      coalesce(c.reserved + c.redeemed >= c.max_redemptions, false) or coalesce(t.used >= c.max_per_tenant, false) or coalesce(b.used >= c.max_per_buyer, false)
    from coupon c
      left join coupon_tenant_use t on t.coupon_id = c.id and t.tenant_id = caller_tenant()
      left join coupon_buyer_use b on b.coupon_id = c.id and b.tenant_id = caller_tenant() and b.buyer_id = caller_user()
    where c.code_key = key
  $$;
  ${onlyForCallers('coupon_by_code(text)')}
`;

/**
 * Counts one use for an order of the caller's tenant (the foreign key sees to that); false where a bound is reached or
 * the coupon was deactivated meanwhile, and then the caller has to roll back. The coupon's row is locked from here to
 * the commit, so this is the last thing but one that a transaction does.
 */
const RESERVE_COUPON = `
  create function marketplace.reserve_coupon(for_order uuid, of_coupon uuid, discount bigint, in_currency text, at_once boolean) returns boolean
  language plpgsql security definer set search_path = marketplace, pg_temp as $$
  declare
    taken coupon;
  begin
    update coupon c set reserved = c.reserved + (not at_once)::integer, redeemed = c.redeemed + at_once::integer
    where c.id = of_coupon and c.active and (c.max_redemptions is null or c.reserved + c.redeemed < c.max_redemptions)
    returning * into taken;
    if not found then return false; end if;
    if taken.max_per_tenant is not null then
      insert into coupon_tenant_use as u values (of_coupon, caller_tenant(), 1, taken.max_per_tenant)
      on conflict (coupon_id, tenant_id) do update set used = u.used + 1 where u.used < u.max;
      if not found then return false; end if;
    end if;
    if taken.max_per_buyer is not null then
      insert into coupon_buyer_use as u values (of_coupon, caller_tenant(), caller_user(), 1, taken.max_per_buyer)
      on conflict (coupon_id, tenant_id, buyer_id) do update set used = u.used + 1 where u.used < u.max;
      if not found then return false; end if;
    end if;
    insert into coupon_redemption (order_id, coupon_id, tenant_id, buyer_id, state, discount_minor, currency, reserved_at, redeemed_at)
    values (for_order, of_coupon, caller_tenant(), caller_user(), case when at_once then 'REDEEMED' else 'RESERVED' end, discount, in_currency, clock(),
      case when at_once then clock() end);
    return true;
  end $$;
  ${onlyForCallers('reserve_coupon(uuid,uuid,bigint,text,boolean)')}
`;

/**
 * Orders of a tenant without a monthly cap only leave a row. Under a cap they queue for the tenant's month, and each sees
 * what the one before it has left: a statement of its own, so that its snapshot is younger than the lock.
 */
const RESERVE_SPEND = `
  create function marketplace.spent_in_month(in_currency text) returns bigint
  language sql volatile security definer set search_path = marketplace, pg_temp as $$
    select coalesce(sum(s.amount_minor), 0)::bigint from purchase_spend s
    where s.tenant_id = caller_tenant() and s.currency = in_currency and s.month = date_trunc('month', clock() at time zone 'UTC')::date
  $$;
  ${onlyForCallers('spent_in_month(text)')}

  create function marketplace.reserve_spend(for_order uuid, in_currency text, amount bigint, month_cap bigint) returns boolean
  language plpgsql security definer set search_path = marketplace, pg_temp as $$
  begin
    if month_cap is not null then
      perform pg_advisory_xact_lock(739205, hashtext(caller_tenant()::text || in_currency));
      if spent_in_month(in_currency) + amount > month_cap then return false; end if;
    end if;
    insert into purchase_spend (order_id, tenant_id, currency, month, amount_minor)
    values (for_order, caller_tenant(), in_currency, date_trunc('month', clock() at time zone 'UTC')::date, amount);
    return true;
  end $$;
  ${onlyForCallers('reserve_spend(uuid,text,bigint,bigint)')}
`;
