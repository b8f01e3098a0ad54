import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, PROVIDER_SIDE, secure } from './row-level-security';

/**
 * What providers are paid: where to, when, out of which earnings and at which rates. A payout, its sources, the entries
 * behind it and its ledger debit are one commit; the database adds them up there.
 */
export class Payouts1764000000014 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(PAYOUT);
    await queryRunner.query(BEHIND);
    await queryRunner.query(JOURNAL);
    await queryRunner.query(LIFE);
    await queryRunner.query(ADDS_UP);
    await queryRunner.query(POLICIES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const PAYOUT = `
  create table marketplace.payout_account (
    provider_tenant_id uuid primary key,
    stripe_account_id text not null constraint payout_account_stripe_account_id_key unique,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    payouts_enabled boolean not null default false,
    created_at timestamptz not null,
    held_until timestamptz not null
  );
  comment on column marketplace.payout_account.payouts_enabled is 'Stripe has verified it, as of when it was last asked.';

  create table marketplace.payout_batch (
    scheduled_for date primary key,
    requested_at timestamptz not null,
    lease_token uuid,
    lease_until timestamptz,
    finished_at timestamptz
  );
  create index payout_batch_open on marketplace.payout_batch (scheduled_for) where finished_at is null;
  comment on table marketplace.payout_batch is 'A day on which providers are paid; whoever holds the lease works it off.';

  create table marketplace.payout (
    id uuid primary key,
    provider_tenant_id uuid not null,
    status text not null check (status in ('SCHEDULED', 'PROCESSING', 'PAID', 'FAILED')),
    stripe_account_id text not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    amount_minor bigint not null check (amount_minor > 0),
    scheduled_for date not null,
    transfer_id text constraint payout_transfer_id_key unique,
    failure_message text,
    created_at timestamptz not null,
    paid_at timestamptz,
    constraint payout_of_provider unique (id, provider_tenant_id),
    constraint payout_paid check ((status = 'PAID') = (paid_at is not null) and (status = 'PAID') = (transfer_id is not null)),
    constraint payout_failed check ((status = 'FAILED') = (failure_message is not null))
  );
  create unique index payout_live on marketplace.payout (provider_tenant_id, scheduled_for) where status <> 'FAILED';
  create index payout_newest on marketplace.payout (created_at desc, id desc);
  create index payout_day on marketplace.payout (scheduled_for);
  comment on column marketplace.payout.id is 'Also the transfer''s idempotency key and transfer_group.';
  comment on column marketplace.payout.stripe_account_id is 'The account as it was when the payout was made; likewise the currency.';
`;

const BEHIND = `
  create table marketplace.payout_source (
    payout_id uuid not null,
    provider_tenant_id uuid not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    balance_minor bigint not null check (balance_minor <> 0),
    rate text not null check (rate ~ '^[0-9]+(\\.[0-9]+)?$'),
    rate_as_of timestamptz not null,
    converted_minor bigint not null,
    residue_minor bigint not null,
    primary key (payout_id, currency),
    foreign key (payout_id, provider_tenant_id) references marketplace.payout (id, provider_tenant_id)
  );
  comment on column marketplace.payout_source.rate is 'Units of the payout''s currency for one of this; locked with the payout.';
  comment on column marketplace.payout_source.residue_minor is 'Of the balance, what rounding to the other currency''s minor unit left over; in this currency.';

  create table marketplace.payout_entry (
    payout_id uuid not null,
    entry_id uuid not null references marketplace.journal_entry,
    provider_tenant_id uuid not null,
    live boolean not null default true,
    primary key (payout_id, entry_id),
    foreign key (payout_id, provider_tenant_id) references marketplace.payout (id, provider_tenant_id)
  );
  create unique index payout_entry_live on marketplace.payout_entry (entry_id) where live;
  comment on column marketplace.payout_entry.live is 'False once the payout has failed: the entry can be paid by another one.';
`;

const EARNS = `(provider_tenant_id is null) = (order_line_id is null) and (provider_tenant_id is null) = (available_at is null)`;
const JOURNAL = `
  alter table marketplace.journal_entry alter column order_id drop not null;
  alter table marketplace.journal_entry add payout_id uuid constraint journal_entry_payout_id_fkey references marketplace.payout;
  create index journal_entry_payout on marketplace.journal_entry (payout_id) where payout_id is not null;
  alter table marketplace.journal_entry drop constraint journal_entry_kind_check, drop constraint journal_entry_earning, drop constraint journal_entry_cause;
  alter table marketplace.journal_entry
    add constraint journal_entry_kind_check check (kind in ('SALE', 'REFUND', 'DISPUTE', 'PAYOUT', 'FX', 'ADJUSTMENT')),
    add constraint journal_entry_earning check (case when payout_id is null then order_id is not null and ${EARNS}
      else order_id is null and order_line_id is null and available_at is null and provider_tenant_id is not null end),
    add constraint journal_entry_cause check (case when payout_id is null then (kind = 'SALE') = (refund_id is null) and (kind <> 'SALE' or order_line_id is not null)
      else refund_id is null end),
    add constraint journal_entry_paid_out check ((kind in ('PAYOUT', 'FX', 'ADJUSTMENT')) = (payout_id is not null));
  alter table marketplace.journal_posting drop constraint journal_posting_account_check;
  alter table marketplace.journal_posting add constraint journal_posting_account_check check (account in ('buyer_clearing', 'platform_promotions', 'provider_payable',
    'platform_revenue', 'dispute_losses', 'fx_clearing', 'fx_rounding', 'payout_clearing'));
`;

const LIFE = `
  create function marketplace.check_payout_life() returns trigger language plpgsql as $$
  begin
    if (new.id, new.provider_tenant_id, new.stripe_account_id, new.currency, new.amount_minor, new.scheduled_for)
      is distinct from (old.id, old.provider_tenant_id, old.stripe_account_id, old.currency, old.amount_minor, old.scheduled_for) then
      raise exception 'payout %: what was decided does not change', old.id using errcode = 'check_violation';
    end if;
    if new.status <> old.status and not (old.status, new.status) in (('SCHEDULED', 'PROCESSING'), ('PROCESSING', 'PAID'), ('PROCESSING', 'FAILED')) then
      raise exception 'payout % cannot go from % to %', old.id, old.status, new.status using errcode = 'check_violation';
    end if;
    return new;
  end $$;
  create trigger payout_life before update on marketplace.payout for each row execute function marketplace.check_payout_life();
`;

/* Payouts are written by the worker role only, which sees every row: the check needs no other rights. */
const ADDS_UP = `
  create function marketplace.check_payout_adds_up() returns trigger language plpgsql as $$
  begin
    if new.amount_minor <> (select coalesce(sum(converted_minor), 0) from marketplace.payout_source where payout_id = new.id) then
      raise exception 'payout % is not the sum of its sources', new.id using errcode = 'check_violation';
    end if;
    if exists (
      select 1 from (select currency, balance_minor from marketplace.payout_source where payout_id = new.id) s full join (
        select e.currency, sum(e.net_minor) as net from marketplace.payout_entry p join marketplace.journal_entry e on e.id = p.entry_id
        where p.payout_id = new.id group by e.currency) b on b.currency = s.currency
      where s.balance_minor is distinct from b.net) then
      raise exception 'payout %: a source is not the sum of the entries behind it', new.id using errcode = 'check_violation';
    end if;
    return null;
  end $$;
  create constraint trigger payout_adds_up after insert on marketplace.payout deferrable initially deferred
    for each row execute function marketplace.check_payout_adds_up();
`;

const POLICIES = `
  ${['payout', 'payout_source', 'payout_entry', 'payout_account', 'payout_batch'].map(secure).join('')}
  ${['payout', 'payout_source', 'payout_entry', 'payout_account'].map((table) => allowApi(table, 'select', PROVIDER_SIDE)).join('')}
`;
