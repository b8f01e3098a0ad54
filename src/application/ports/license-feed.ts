import type { LicenseId } from '../../domain/ids';
import type { License } from '../../domain/license/license';
import type { AuthenticatedUser } from '../actor';

export interface LicenseFeed {
  /**
   * The licence as it is, then again after each change of it or of its seats; changes that come together are one.
   * Ends when it is revoked or the caller may no longer see it. Null: no such licence for the caller.
   */
  watch(caller: AuthenticatedUser, licenseId: LicenseId): Promise<AsyncIterableIterator<License> | null>;
}
