import type { StorefrontId } from '../../domain/ids';
import type { Caller } from '../actor';
import type { Result } from '../user-error';
import type { StorefrontDependencies } from './dependencies';
import type { SetStorefrontListingsRequest, StorefrontInput } from './requests';
import { saveStorefront } from './save-storefront';
import { setStorefrontListings } from './set-storefront-listings';

export interface StorefrontUseCases {
  saveStorefront(caller: Caller, input: StorefrontInput): Promise<Result<StorefrontId>>;
  setStorefrontListings(caller: Caller, request: SetStorefrontListingsRequest): Promise<Result<StorefrontId>>;
}

export function storefrontUseCases(dependencies: StorefrontDependencies): StorefrontUseCases {
  return { saveStorefront: saveStorefront(dependencies), setStorefrontListings: setStorefrontListings(dependencies) };
}
