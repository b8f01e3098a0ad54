import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, PROVIDER_SIDE, secure } from './row-level-security';

/**
 * Listings and plans, and the read model of course versions that catalog's and content's events feed. A child's foreign
 * key names the tenant too, so that nobody can hang a row of their own on a parent of somebody else's.
 */
export class Listings1764000000002 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(COURSE_VERSION);
    await queryRunner.query(LISTING);
    await queryRunner.query(PRICING_PLAN);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const COURSE_VERSION = `
  create table marketplace.course_version (
    course_version_id uuid primary key,
    course_id uuid,
    owner_tenant_id uuid,
    title text,
    published_at timestamptz,
    play_package_id text,
    package_format text check (package_format in ('SCORM_1_2', 'SCORM_2004', 'CMI5', 'OTHER')),
    built_at timestamptz
  );
  comment on table marketplace.course_version is 'Read model: catalog says when a version is published and whose it is, content when its package is built; in any order.';
  ${secure('course_version')}
  ${allowApi('course_version', 'select', 'true')}
`;

const LISTING = `
  create table marketplace.listing (
    id uuid primary key,
    provider_tenant_id uuid not null,
    course_id uuid not null,
    course_version_id uuid not null references marketplace.course_version,
    title text not null check (length(title) between 1 and 200),
    tagline text,
    description text not null,
    hero_image jsonb,
    screenshots jsonb not null default '[]',
    tags text[] not null default '{}',
    status text not null check (status in ('DRAFT', 'SUBMITTED', 'APPROVED', 'LIVE', 'SUSPENDED', 'ARCHIVED')),
    status_reason text,
    suspended_from text check (suspended_from in ('APPROVED', 'LIVE')),
    version integer not null default 1 check (version > 0),
    created_at timestamptz not null,
    updated_at timestamptz not null,
    live_at timestamptz,
    constraint listing_of_provider unique (id, provider_tenant_id),
    check ((status = 'SUSPENDED') = (suspended_from is not null))
  );
  create index listing_live on marketplace.listing (live_at desc, id desc) where status = 'LIVE';
  create index listing_course on marketplace.listing (course_id);
  create index listing_provider on marketplace.listing (provider_tenant_id, created_at desc, id desc);

  create function marketplace.listing_edge(old_status text, new_status text) returns boolean language sql immutable as $$
    select (old_status, new_status) in (
      ('DRAFT', 'SUBMITTED'), ('DRAFT', 'ARCHIVED'),
      ('SUBMITTED', 'DRAFT'), ('SUBMITTED', 'APPROVED'), ('SUBMITTED', 'ARCHIVED'),
      ('APPROVED', 'LIVE'), ('APPROVED', 'SUSPENDED'), ('APPROVED', 'ARCHIVED'),
      ('LIVE', 'SUSPENDED'), ('LIVE', 'ARCHIVED'),
      ('SUSPENDED', 'APPROVED'), ('SUSPENDED', 'LIVE'), ('SUSPENDED', 'ARCHIVED'))
  $$;
  create function marketplace.check_listing_status() returns trigger language plpgsql as $$
  begin
    if tg_op = 'INSERT' then
      if new.status <> 'DRAFT' then raise exception 'a listing begins as DRAFT, not %', new.status using errcode = 'check_violation'; end if;
    elsif not marketplace.listing_edge(old.status, new.status) then
      raise exception 'listing %: % → % is no legal transition', old.id, old.status, new.status using errcode = 'check_violation';
    elsif old.status = 'SUSPENDED' and new.status in ('APPROVED', 'LIVE') and new.status <> old.suspended_from then
      raise exception 'listing %: suspended from %, not %', old.id, old.suspended_from, new.status using errcode = 'check_violation';
    end if;
    return new;
  end $$;
  create trigger listing_begins before insert on marketplace.listing for each row execute function marketplace.check_listing_status();
  create trigger listing_status before update of status on marketplace.listing for each row
    when (old.status is distinct from new.status) execute function marketplace.check_listing_status();

  create table marketplace.listing_transition (
    listing_id uuid not null,
    version integer not null,
    provider_tenant_id uuid not null,
    from_status text,
    to_status text not null,
    reason text,
    actor_id uuid,
    at timestamptz not null,
    primary key (listing_id, version),
    foreign key (listing_id, provider_tenant_id) references marketplace.listing (id, provider_tenant_id)
  );
  comment on table marketplace.listing_transition is 'History of a listing; an edit of its copy is an entry with from_status = to_status.';

  ${secure('listing')}
  ${allowApi('listing', 'insert', PROVIDER_SIDE)}
  ${allowApi('listing', 'update', PROVIDER_SIDE)}
  ${secure('listing_transition')}
  ${allowApi('listing_transition', 'select', PROVIDER_SIDE)}
  ${allowApi('listing_transition', 'insert', PROVIDER_SIDE)}
`;

const PRICING_PLAN = `
  create table marketplace.pricing_plan (
    id uuid primary key,
    listing_id uuid not null,
    provider_tenant_id uuid not null,
    kind text not null check (kind in ('ONE_TIME', 'SEAT_PACK', 'SITE_LICENSE')),
    revision integer not null default 1 check (revision > 0),
    active boolean not null default true,
    created_at timestamptz not null,
    constraint pricing_plan_of_provider unique (id, provider_tenant_id),
    foreign key (listing_id, provider_tenant_id) references marketplace.listing (id, provider_tenant_id)
  );
  create index pricing_plan_listing on marketplace.pricing_plan (listing_id, created_at, id);

  create table marketplace.pricing_plan_revision (
    plan_id uuid not null,
    revision integer not null,
    provider_tenant_id uuid not null,
    terms jsonb not null,
    valid_from timestamptz not null,
    valid_until timestamptz,
    primary key (plan_id, revision),
    constraint revision_of_provider unique (plan_id, revision, provider_tenant_id),
    foreign key (plan_id, provider_tenant_id) references marketplace.pricing_plan (id, provider_tenant_id)
  );
  create table marketplace.pricing_plan_price (
    plan_id uuid not null,
    revision integer not null,
    provider_tenant_id uuid not null,
    currency text not null check (currency ~ '^[A-Z]{3}$'),
    amount_minor bigint not null check (amount_minor >= 0),
    primary key (plan_id, revision, currency),
    foreign key (plan_id, revision, provider_tenant_id) references marketplace.pricing_plan_revision (plan_id, revision, provider_tenant_id)
  );
  ${['pricing_plan', 'pricing_plan_revision', 'pricing_plan_price'].map((table) => `
    ${secure(table)}
    ${allowApi(table, 'insert', PROVIDER_SIDE)}`).join('')}
  ${allowApi('pricing_plan', 'update', PROVIDER_SIDE)}
  ${allowApi('pricing_plan', 'select', 'exists (select 1 from marketplace.listing l where l.id = listing_id)')}
  ${['pricing_plan_revision', 'pricing_plan_price'].map((table) =>
    allowApi(table, 'select', `exists (select 1 from marketplace.pricing_plan p where p.id = plan_id)`)).join('')}
`;
