import { randomUUID } from 'node:crypto';
import { AssignSeatsDocument, GrantLicenseDocument, ReleaseSeatsDocument, RevokeLicenseDocument } from '../../e2e/operations/generated';
import type { Shop } from '../../support/shop';
import { waitFor } from '../../support/wait';
import type { ChaosWorld } from '../world/chaos-world';
import { patronOf } from './marketplace-client';

/** Licences that are granted without an order, given to learners, taken back, revoked; one for every dozen orders. */
export async function grantOn(world: ChaosWorld, shop: Shop, orders: () => number, over: () => boolean): Promise<void> {
  const operator = await patronOf(world, ['platform_admin']);
  for (let granted = 0; !over(); granted++) {
    await waitFor(() => over() || orders() >= granted * 12, { withinMs: 600_000, what: 'a dozen orders', everyMs: 100 });
    if (over()) return;
    const holder = await patronOf(world, ['org_admin']);
    const input = { tenantId: holder.tid, listingId: shop.listingId, pricingPlanId: shop.plans.pack, reason: 'Kept' };
    const { grantLicense } = await operator.insist(GrantLicenseDocument, { input });
    const id = grantLicense.license?.id;
    if (!id) throw new Error(JSON.stringify(grantLicense));
    const { assignSeats } = await holder.insist(AssignSeatsDocument, { licenseId: id, learnerIds: [randomUUID(), randomUUID()] });
    const [first] = assignSeats.seats;
    if (first) await holder.insist(ReleaseSeatsDocument, { seatIds: [first.id] });
    if (granted % 2 === 0) await operator.insist(RevokeLicenseDocument, { id, reason: 'Over' });
  }
}
