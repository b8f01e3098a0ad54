import type { LicenseId, SeatId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import { assignSeats } from './assign-seats';
import type { AssignedSeats, AssignSeatsRequest } from './assign-seats';
import { grantLicense } from './grant-license';
import type { GrantLicenseRequest } from './grant-license';
import type { LicenseDependencies } from './license-dependencies';
import { releaseSeats } from './release-seats';
import { revokeLicense } from './revoke-license';

/** Everything that people do with licences and seats after the purchase. */
export interface LicenseUseCases {
  assignSeats(caller: Caller, request: AssignSeatsRequest): Promise<Result<AssignedSeats>>;
  releaseSeats(caller: Caller, seatIds: readonly string[]): Promise<Result<readonly SeatId[]>>;
  grantLicense(caller: Caller, request: GrantLicenseRequest): Promise<Result<LicenseId>>;
  revokeLicense(caller: Caller, request: { readonly id: string; readonly reason: string }): Promise<Result<LicenseId>>;
}

export function licenseUseCases(dependencies: LicenseDependencies): LicenseUseCases {
  return { assignSeats: assignSeats(dependencies), releaseSeats: releaseSeats(dependencies), grantLicense: grantLicense(dependencies), revokeLicense: revokeLicense(dependencies) };
}
