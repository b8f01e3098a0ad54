import { v7 } from 'uuid';
import type { AuthenticatedUser } from '../../src/application/actor';
import type { LicenseId, TenantId, UserId } from '../../src/domain/ids';
import { aUser } from './listing-world';
import type { Offer, OfferDetails } from './offers';
import { aKey } from './purchase-world';
import type { PurchaseWorld } from './purchase-world';

/** An organisation with a licence that it has paid for, and its administrator. */
export interface Licensed {
  readonly admin: AuthenticatedUser;
  readonly offer: Offer;
  readonly orderId: string;
  readonly licenseId: LicenseId;
}

export const PLATFORM_ADMIN: AuthenticatedUser = aUser('platform_admin');

export function anAdmin(tenantId = v7() as TenantId): AuthenticatedUser {
  return { ...aUser('org_admin', 'buyer'), tenantId };
}

export function someLearners(count: number): UserId[] {
  return Array.from({ length: count }, () => v7() as UserId);
}

/** Buys a plan with nobody on its seats, which fulfils the order with its payment. */
export async function buyLicense(world: PurchaseWorld, details: OfferDetails = {}, admin = anAdmin()): Promise<Licensed> {
  const offer = await world.offer({ kind: 'SEAT_PACK', seatsIncluded: 5, ...details });
  const placed = await world.replica.orders.placeOrder(admin, { idempotencyKey: aKey(), lines: [{ pricingPlanId: offer.planId, quantity: 1, learnerIds: [] }], currency: 'EUR' });
  if (!placed.ok) throw new Error(JSON.stringify(placed.errors));
  await world.replica.billing.take([world.playedBilling.succeeded(placed.value)]);
  const [license] = await world.sql<{ id: LicenseId }>('select id from marketplace.license where order_id = $1', [placed.value]);
  if (!license) throw new Error('no licence was issued');
  return { admin, offer, orderId: placed.value, licenseId: license.id };
}
