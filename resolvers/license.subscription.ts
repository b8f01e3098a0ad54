import { Arg, ID, Resolver, Root, Subscription } from 'type-graphql';
import { parseId } from '../src/domain/ids';
import type { LicenseId } from '../src/domain/ids';
import type { License } from '../src/domain/license/license';
import { Authenticated } from './authenticated';
import { notFound } from './errors';
import type { OperationContext } from './operation-context';
import { LicenseType } from './types/license';

interface Watch {
  readonly licenseId: string;
}

/** @throws GraphQLError UNAUTHENTICATED or NOT_FOUND before anything is sent */
async function watch({ args, context }: { readonly args: Watch; readonly context: OperationContext }): Promise<AsyncIterableIterator<License>> {
  const user = context.user();
  const licenseId = parseId<LicenseId>(args.licenseId);
  const changes = licenseId === null ? null : await context.application.licenseFeed.watch(user, licenseId);
  if (changes === null) throw notFound('No such licence.');
  return context.eachAnew(changes);
}

@Resolver()
export class LicenseSubscription {
  @Authenticated()
  @Subscription(() => LicenseType, {
    subscribe: watch as unknown as () => Promise<AsyncIterable<License>>,
    description: 'The licence as it is, then again after every change of it or of its seats; changes that come close together are one. Ends when the licence is revoked or the caller may no longer see it. For whoever may see the licence.',
  })
  seatsChanged(
    @Root() license: License,
    @Arg('licenseId', () => ID, { description: 'The licence to watch.' }) _licenseId: string,
  ): License {
    return license;
  }
}
