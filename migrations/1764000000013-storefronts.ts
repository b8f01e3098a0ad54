import type { MigrationInterface, QueryRunner } from 'typeorm';
import { ADMIN_SIDE, allowApi, secure } from './row-level-security';

/** Tenants' branded storefronts: everybody may look at them, their tenant's administrators furnish them. */
export class Storefronts1764000000013 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(STOREFRONT);
    await queryRunner.query(POLICIES);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const STOREFRONT = `
  create table marketplace.storefront (
    id uuid primary key,
    slug text not null,
    tenant_id uuid not null,
    name text not null,
    logo jsonb,
    accent_color text,
    currencies text[] not null,
    default_currency text not null,
    curated boolean not null,
    created_at timestamptz not null,
    updated_at timestamptz not null,
    constraint storefront_slug_key unique (slug),
    constraint storefront_of_tenant unique (id, tenant_id),
    constraint storefront_slug_check check (slug ~ '^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$'),
    constraint storefront_currencies check (default_currency = any (currencies))
  );
  comment on column marketplace.storefront.curated is 'True: it sells what storefront_listing names; false: whatever is live.';

  create table marketplace.storefront_listing (
    storefront_id uuid not null,
    listing_id uuid not null references marketplace.listing,
    tenant_id uuid not null,
    position integer not null,
    primary key (storefront_id, listing_id),
    foreign key (storefront_id, tenant_id) references marketplace.storefront (id, tenant_id),
    constraint storefront_listing_position unique (storefront_id, position)
  );
  comment on table marketplace.storefront_listing is 'What was chosen for a storefront, in its order; a listing that is off sale keeps its place.';

  alter table marketplace.orders add column storefront_id uuid references marketplace.storefront;
  comment on column marketplace.orders.storefront_id is 'The storefront that it was placed in.';
`;

const POLICIES = `
  ${['storefront', 'storefront_listing'].map((table) => `${secure(table)} ${allowApi(table, 'select', 'true')} ${allowApi(table, 'insert', ADMIN_SIDE)}`).join('')}
  ${allowApi('storefront', 'update', ADMIN_SIDE)}
  ${allowApi('storefront_listing', 'delete', ADMIN_SIDE)}
`;
