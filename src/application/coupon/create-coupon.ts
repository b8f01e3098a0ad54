import type { CouponFunding, CouponTerms } from '../../domain/coupon/coupon';
import { readCoupon } from '../../domain/coupon/new-coupon';
import type { CouponDraft, NewCoupon } from '../../domain/coupon/new-coupon';
import type { CouponId } from '../../domain/ids';
import { under } from '../../domain/problem';
import type { AuthenticatedUser, Caller, Role } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import type { CouponDependencies } from './dependencies';
import type { CreateCouponInput } from './requests';

/** Who bears a discount decides who may give it. */
const GIVER: Readonly<Record<CouponFunding, Role>> = { PROVIDER: 'provider', PLATFORM: 'platform_admin' };

/** A coupon, valid at once unless it says otherwise: a provider's own, or for platform administrators one of the platform's. */
export function createCoupon(dependencies: CouponDependencies) {
  return async (caller: Caller, input: CreateCouponInput): Promise<Result<CouponId>> => {
    const funding = input.funding ?? 'PROVIDER';
    if (!inRole(caller, GIVER[funding])) return refused(roleMissing(GIVER[funding]));
    const draft = readCoupon(draftOf(caller, funding, input));
    if (!draft.ok) return refused(...under<UserError>(['input'], draft.problems));
    return dependencies.unitOfWork.run(caller, (tx) => store(dependencies, tx, draft), { commit: 'coupon.create' });
  };
}

function draftOf(caller: AuthenticatedUser, funding: CouponFunding, input: CreateCouponInput): CouponDraft {
  return {
    code: input.code, funding, providerTenantId: funding === 'PROVIDER' ? caller.tenantId : null,
    percentOff: input.percentOff ?? null, amountOff: input.amountOff ?? null, startsAt: input.startsAt ?? null, endsAt: input.endsAt ?? null,
    maxRedemptions: input.maxRedemptions ?? null, maxRedemptionsPerTenant: input.maxRedemptionsPerTenant ?? null, maxRedemptionsPerBuyer: input.maxRedemptionsPerBuyer ?? null,
    minimumSubtotal: input.minimumSubtotal ?? null, listingIds: input.listingIds ?? [], tenantIds: input.tenantIds ?? [],
  };
}

async function store({ coupons, readers }: CouponDependencies, tx: Tx, { terms, bounds }: Extract<NewCoupon, { ok: true }>): Promise<Result<CouponId>> {
  const missing = await foreignListings(tx, readers.listings, terms);
  if (missing.length > 0) return refused(...missing);
  const id = tx.ids.next<CouponId>();
  const added = await coupons.add(tx, { ...terms, ...bounds, id, active: true, createdAt: tx.now, reserved: 0, redemptions: 0 });
  return added ? ok(id) : refused(userError('INVALID_INPUT', `There is a coupon with the code ${terms.code} already.`, ['input', 'code'], { code: terms.code }));
}

/** A coupon that names what it can never work on is a mistake. */
async function foreignListings(tx: Tx, listings: CouponDependencies['readers']['listings'], { listingIds, providerTenantId }: CouponTerms): Promise<UserError[]> {
  if (listingIds.length === 0) return [];
  const found = await listings.byIds(tx, listingIds);
  const usable = new Set(found.filter((listing) => providerTenantId === null || listing.providerTenantId === providerTenantId).map((listing) => listing.id));
  return listingIds.flatMap((id) => (usable.has(id) ? [] : [userError('NOT_FOUND', 'There is no such listing among those that the coupon can work on.', ['input', 'listingIds'], { listingId: id })]));
}
