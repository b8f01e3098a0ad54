import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, PROVIDER_SIDE, secure } from './row-level-security';

/**
 * What providers sell and earn: their own view of each sale, and a double-entry ledger that is only ever added to and
 * whose every entry sums to zero, which the database checks at commit.
 */
export class Ledger1764000000009 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(PROVIDER_SALE);
    await queryRunner.query(JOURNAL);
    await queryRunner.query(APPEND_ONLY);
    await queryRunner.query(BALANCED);
    await queryRunner.query(POLICIES);
    await queryRunner.query(FOLLOW_ORDER);
    await queryRunner.query(EARNINGS_TOLD_BY_BUYERS);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const PROVIDER_SALE = `
  alter table marketplace.order_line add constraint order_line_of_provider unique (id, order_id, provider_tenant_id);

  create table marketplace.provider_sale (
    id uuid primary key,
    order_id uuid not null,
    provider_tenant_id uuid not null,
    order_number text not null,
    order_status text not null,
    listing_id uuid not null references marketplace.listing,
    plan_name text not null,
    quantity integer not null check (quantity > 0),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    gross_minor bigint not null check (gross_minor >= 0),
    discount_minor bigint not null check (discount_minor >= 0),
    fee_minor bigint not null check (fee_minor between 0 and gross_minor),
    placed_at timestamptz not null,
    fulfilled_at timestamptz,
    foreign key (id, order_id, provider_tenant_id) references marketplace.order_line (id, order_id, provider_tenant_id)
  );
  create index provider_sale_placed on marketplace.provider_sale (provider_tenant_id, placed_at desc, id desc);
  create index provider_sale_fulfilled on marketplace.provider_sale (provider_tenant_id, currency, fulfilled_at);
  create index provider_sale_order on marketplace.provider_sale (order_id);
  comment on table marketplace.provider_sale is 'An order line as its provider sees it: never who bought.';
  comment on column marketplace.provider_sale.id is 'The order line.';
  comment on column marketplace.provider_sale.discount_minor is 'What the provider itself gave off the price; the gross is without it.';
  comment on column marketplace.provider_sale.fee_minor is 'As foreseen when the order was placed; the ledger has what was booked.';
`;

const JOURNAL = `
  create table marketplace.journal_entry (
    id uuid primary key,
    kind text not null check (kind in ('SALE', 'REFUND', 'DISPUTE')),
    provider_tenant_id uuid,
    order_id uuid not null references marketplace.orders,
    order_line_id uuid,
    refund_id uuid references marketplace.refund,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    gross_minor bigint not null,
    fee_minor bigint not null,
    net_minor bigint not null,
    at timestamptz not null,
    available_at timestamptz,
    constraint journal_entry_net check (net_minor = gross_minor - fee_minor),
    constraint journal_entry_earning check ((provider_tenant_id is null) = (order_line_id is null) and (provider_tenant_id is null) = (available_at is null)),
    constraint journal_entry_cause check ((kind = 'SALE') = (refund_id is null) and (kind <> 'SALE' or order_line_id is not null)),
    foreign key (order_line_id, order_id, provider_tenant_id) references marketplace.order_line (id, order_id, provider_tenant_id)
  );
  create index journal_entry_provider on marketplace.journal_entry (provider_tenant_id, at desc, id desc);
  create index journal_entry_line on marketplace.journal_entry (order_line_id);
  create unique index journal_entry_sale on marketplace.journal_entry (order_line_id) where kind = 'SALE';
  create unique index journal_entry_reversal on marketplace.journal_entry (refund_id, order_line_id) where order_line_id is not null and refund_id is not null;
  create unique index journal_entry_excess on marketplace.journal_entry (refund_id) where order_line_id is null;
  comment on column marketplace.journal_entry.net_minor is 'What the provider gains by the entry; a reversal is negative. Minor units, as gross and fee.';
  comment on column marketplace.journal_entry.available_at is 'The refund deadline of the line: until then the earning is pending. Null where no provider is concerned.';

  create table marketplace.journal_posting (
    entry_id uuid not null references marketplace.journal_entry,
    position integer not null,
    order_id uuid,
    account text not null check (account in ('buyer_clearing', 'platform_promotions', 'provider_payable', 'platform_revenue', 'dispute_losses')),
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    amount_minor bigint not null check (amount_minor <> 0),
    primary key (entry_id, position)
  );
  comment on column marketplace.journal_posting.amount_minor is 'Debits are positive, credits negative; minor units.';
`;

const APPEND_ONLY = `
  create function marketplace.refuse_change() returns trigger language plpgsql as $$
  begin
    raise exception '% is only ever added to', tg_table_name using errcode = 'restrict_violation', hint = 'Book a further entry that takes it back.';
  end $$;
  ${['journal_entry', 'journal_posting'].map((table) => `
    create trigger ${table}_append_only before update or delete on marketplace.${table} for each row execute function marketplace.refuse_change();
    create trigger ${table}_not_emptied before truncate on marketplace.${table} for each statement execute function marketplace.refuse_change();`).join('')}
`;

/* Runs with its owner's rights: it has to see all rows of the entry, whoever books it. */
const BALANCED = `
  create function marketplace.check_balanced() returns trigger language plpgsql security definer set search_path = marketplace, pg_temp as $$
  declare
    entry marketplace.journal_entry;
    postings integer;
  begin
    if tg_table_name = 'journal_entry' then entry := new;
    else select * into entry from marketplace.journal_entry where id = new.entry_id;
    end if;
    select count(*) into postings from marketplace.journal_posting where entry_id = entry.id;
    if postings < 2 or exists (select 1 from marketplace.journal_posting where entry_id = entry.id group by currency having sum(amount_minor) <> 0) then
      raise exception 'journal entry % does not sum to zero', entry.id using errcode = 'check_violation';
    end if;
    if entry.net_minor <> (select coalesce(-sum(amount_minor), 0) from marketplace.journal_posting
      where entry_id = entry.id and account = 'provider_payable' and currency = entry.currency) then
      raise exception 'journal entry %: its net is not what is posted for the provider', entry.id using errcode = 'check_violation';
    end if;
    return null;
  end $$;
  revoke all on function marketplace.check_balanced() from public;
  create constraint trigger journal_entry_balanced after insert on marketplace.journal_entry deferrable initially deferred
    for each row execute function marketplace.check_balanced();
  create constraint trigger journal_posting_balanced after insert on marketplace.journal_posting deferrable initially deferred
    for each row execute function marketplace.check_balanced();
`;

const OWN_ORDER = 'o.tenant_id = (select marketplace.caller_tenant()) and o.buyer_id = (select marketplace.caller_user())';
/** Whoever places an order with nothing to pay fulfils it, and so books what the platform owes for it. */
const fulfilledFree = (orderId: string): string => `exists (select 1 from marketplace.orders o where o.id = ${orderId} and ${OWN_ORDER} and o.total_minor = 0 and o.status = 'FULFILLED')`;

const POLICIES = `
  ${['provider_sale', 'journal_entry', 'journal_posting'].map(secure).join('')}
  ${['provider_sale', 'journal_entry'].map((table) => allowApi(table, 'select', PROVIDER_SIDE)).join('')}
  ${allowApi('provider_sale', 'insert', `exists (select 1 from marketplace.orders o where o.id = order_id and ${OWN_ORDER} and o.status = 'PLACED')`)}
  ${['journal_entry', 'journal_posting'].map((table) => allowApi(table, 'insert', fulfilledFree('order_id'))).join('')}
  create policy owner_follows on marketplace.provider_sale to marketplace_owner using (true) with check (true);
  ${['journal_entry', 'journal_posting'].map((table) => `create policy owner_reads on marketplace.${table} for select to marketplace_owner using (true);`).join('')}
`;

/* The provider sees how far the order is without seeing the order. With its owner's rights: a buyer who cancels may not touch sales. */
const FOLLOW_ORDER = `
  create function marketplace.follow_order() returns trigger language plpgsql security definer set search_path = marketplace, pg_temp as $$
  begin
    update marketplace.provider_sale set order_status = new.status, fulfilled_at = new.fulfilled_at where order_id = new.id;
    return null;
  end $$;
  revoke all on function marketplace.follow_order() from public;
  create trigger order_followed after update of status, fulfilled_at on marketplace.orders for each row
    when (old.status is distinct from new.status or old.fulfilled_at is distinct from new.fulfilled_at) execute function marketplace.follow_order();
`;

/* An earning belongs to its provider's tenant, and a free order accrues in its buyer's own transaction. */
const EARNINGS_TOLD_BY_BUYERS = `
  drop policy api_insert on marketplace.outbox;
  create policy api_insert on marketplace.outbox for insert to marketplace_api
    with check (tenant_id = (select marketplace.caller_tenant()) or (select marketplace.caller_has('platform_admin'))
      or (type = 'marketplace.earning.accrued.v1' and ${fulfilledFree('correlation_id')}));
`;
