import { StorefrontRow } from '../../../entities/storefront';
import { SlugTaken } from '../../application/ports/storefronts';
import type { StorefrontStore } from '../../application/ports/storefronts';
import type { Tx } from '../../application/ports/unit-of-work';
import type { ListingId, StorefrontId, TenantId } from '../../domain/ids';
import type { Storefront, StorefrontFacts } from '../../domain/storefront/storefront';
import { inside } from './transaction';

const SLUG_KEY = 'storefront_slug_key';
const CHOOSE = `insert into marketplace.storefront_listing (storefront_id, tenant_id, listing_id, position)
  select $1, $2, listing.id, listing.position - 1 from unnest($3::uuid[]) with ordinality as listing (id, position)`;

/** Storefronts for writing; cold paths, so TypeORM's. */
export class PostgresStorefrontStore implements StorefrontStore {
  async add(tx: Tx, storefront: Storefront): Promise<void> {
    await orSlugTaken(inside(tx).entities.insert(StorefrontRow, { ...storefront, currencies: [...storefront.currencies] }));
  }

  async change(tx: Tx, id: StorefrontId, tenantId: TenantId, facts: StorefrontFacts): Promise<boolean> {
    const columns = { ...facts, currencies: [...facts.currencies], updatedAt: inside(tx).now };
    const { affected } = await orSlugTaken(inside(tx).entities.update(StorefrontRow, { id, tenantId }, columns));
    return affected === 1;
  }

  async lock(tx: Tx, id: StorefrontId, tenantId: TenantId): Promise<boolean> {
    const lock = { mode: 'for_no_key_update' } as const; // orders that name the storefront do not wait
    return (await inside(tx).entities.findOne(StorefrontRow, { where: { id, tenantId }, lock })) !== null;
  }

  async choose(tx: Tx, id: StorefrontId, tenantId: TenantId, listingIds: readonly ListingId[]): Promise<void> {
    await inside(tx).query('delete from marketplace.storefront_listing where storefront_id = $1', [id]);
    await inside(tx).query(CHOOSE, [id, tenantId, listingIds]);
  }
}

async function orSlugTaken<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (error) {
    const { constraint, driverError } = error as { readonly constraint?: unknown; readonly driverError?: { readonly constraint?: unknown } };
    if (SLUG_KEY === (constraint ?? driverError?.constraint)) throw new SlugTaken();
    throw error;
  }
}
