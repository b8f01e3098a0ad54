import { parseId } from '../../domain/ids';
import type { LicenseId } from '../../domain/ids';
import { licenseMayBecome } from '../../domain/license/lifecycle';
import { checkReason } from '../../domain/text';
import type { Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import { licenseRevoked } from '../order/order-events';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result } from '../user-error';
import type { LicenseDependencies } from './license-dependencies';

/** Takes a licence back for good with all its seats, whoever holds it; money is another matter. For platform administrators. */
export function revokeLicense(dependencies: LicenseDependencies) {
  return async (caller: Caller, { id, reason }: { readonly id: string; readonly reason: string }): Promise<Result<LicenseId>> => {
    if (!inRole(caller, 'platform_admin')) return refused(roleMissing('platform_admin'));
    const badReason = checkReason(['reason'], reason);
    if (badReason) return refused(badReason);
    return dependencies.unitOfWork.run(caller, (tx) => revoke(tx, dependencies, parseId<LicenseId>(id), reason.trim()), { commit: 'license.revoke' });
  };
}

async function revoke(tx: Tx, { seats, outbox, ending }: LicenseDependencies, id: LicenseId | null, reason: string): Promise<Result<LicenseId>> {
  const subscription = id === null ? null : await ending.ofLicense(tx, id); // locked before its licence
  const [locked] = id === null ? [] : await seats.lockLicenses(tx, [id], 'alone');
  if (!locked) return refused(userError('NOT_FOUND', 'There is no such licence.', ['id']));
  const { license, rules } = locked;
  if (!licenseMayBecome(license.state, 'REVOKED')) return refused(userError('ILLEGAL_TRANSITION', `The licence is ${license.state}; that is final.`, ['id'], { state: license.state }));
  if (!rules.settled) return refused(userError('ILLEGAL_TRANSITION', 'The licence’s order is still under way: it is the purchase that takes it back.', ['id'], { state: license.state }));
  const revokedSeats = await seats.revoke(tx, license.id, reason);
  await outbox.append(tx, licenseRevoked({ ...license, state: 'REVOKED', stateReason: reason }, revokedSeats), license.orderId ?? undefined);
  await outbox.append(tx, (await subscription?.end()) ?? []);
  return ok(license.id);
}
