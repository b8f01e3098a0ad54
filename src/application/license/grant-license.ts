import { parseId } from '../../domain/ids';
import type { LicenseId, ListingId, PricingPlanId, TenantId } from '../../domain/ids';
import { checkGrant, grantLicense as granted } from '../../domain/license/grant-license';
import type { Grant } from '../../domain/license/grant-license';
import { invalid, under } from '../../domain/problem';
import type { Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import { licenseGranted } from '../order/order-events';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { LicenseDependencies } from './license-dependencies';

export interface GrantLicenseRequest {
  readonly tenantId: string;
  readonly listingId: string;
  readonly pricingPlanId: string;
  readonly seats?: number | null | undefined;
  readonly validUntil?: Date | null | undefined;
  readonly reason: string;
}

const INPUT = ['input'];

/** Gives an organisation a licence without an order; the reason is kept. For platform administrators. */
export function grantLicense(dependencies: LicenseDependencies) {
  return async (caller: Caller, request: GrantLicenseRequest): Promise<Result<LicenseId>> => {
    if (!inRole(caller, 'platform_admin')) return refused(roleMissing('platform_admin'));
    const tenantId = parseId<TenantId>(request.tenantId);
    if (tenantId === null) return refused(...under(INPUT, [invalid(['tenantId'], 'This is no organisation’s id.')]));
    const grant: Grant = { tenantId, seats: request.seats ?? null, validUntil: request.validUntil ?? null, reason: request.reason };
    return dependencies.unitOfWork.run(caller, (tx) => grantIn(tx, dependencies, grant, request), { commit: 'license.grant' });
  };
}

async function grantIn(tx: Tx, { readers, seats, outbox }: LicenseDependencies, grant: Grant, request: GrantLicenseRequest): Promise<Result<LicenseId>> {
  const problems = checkGrant(grant, tx.now);
  if (problems.length > 0) return refused(...under(INPUT, problems));
  const [listingId, planId] = [parseId<ListingId>(request.listingId), parseId<PricingPlanId>(request.pricingPlanId)];
  const [listing] = listingId ? await readers.listings.byIds(tx, [listingId]) : [];
  if (!listing) return refused(userError('NOT_FOUND', 'There is no such listing.', [...INPUT, 'listingId']));
  const [plan] = planId ? await readers.plans.byIds(tx, [planId]) : [];
  if (plan?.listingId !== listing.id) return refused(userError('NOT_FOUND', 'The listing has no such plan.', [...INPUT, 'pricingPlanId']));
  const [version] = await readers.listings.courseVersions(tx, [listing.courseVersionId]);
  const outcome = granted(grant, listing, plan, version ?? { playPackageId: null, packageFormat: null }, tx.now, tx.ids);
  if ('code' in outcome) return refused(...under(INPUT, [outcome]));
  await seats.grant(tx, outcome.license, outcome.seats, { id: plan.id, revision: plan.revision });
  await outbox.append(tx, licenseGranted(outcome.license, []));
  return ok(outcome.license.id);
}
