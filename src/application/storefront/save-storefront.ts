import { parseId } from '../../domain/ids';
import type { StorefrontId } from '../../domain/ids';
import { under } from '../../domain/problem';
import { readStorefront } from '../../domain/storefront/new-storefront';
import type { StorefrontDraft } from '../../domain/storefront/new-storefront';
import type { StorefrontFacts } from '../../domain/storefront/storefront';
import type { AuthenticatedUser, Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import { assetOf } from '../listing/listing-copy';
import { SlugTaken } from '../ports/storefronts';
import type { Tx } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import type { StorefrontDependencies } from './dependencies';
import type { StorefrontInput } from './requests';

/** A new storefront of the caller's organisation, or all of what one of its storefronts is. */
export function saveStorefront(dependencies: StorefrontDependencies) {
  return async (caller: Caller, input: StorefrontInput): Promise<Result<StorefrontId>> => {
    if (!inRole(caller, 'org_admin')) return refused(roleMissing('org_admin'));
    const read = readStorefront(draftOf(input));
    if (!read.ok) return refused(...under<UserError>(['input'], read.problems));
    try {
      return await dependencies.unitOfWork.run(caller, (tx) => store(dependencies, tx, caller, input.id ?? null, read.facts), { commit: 'storefront.save' });
    } catch (error) {
      if (error instanceof SlugTaken) return refused(userError('INVALID_INPUT', `There is a storefront at ${input.slug} already.`, ['input', 'slug'], { slug: input.slug }));
      throw error;
    }
  };
}

function draftOf({ slug, name, logo, accentColor, currencies, defaultCurrency, curated }: StorefrontInput): StorefrontDraft {
  return { slug, name, logo: logo ? assetOf(logo) : null, accentColor: accentColor ?? null, currencies, defaultCurrency, curated };
}

async function store({ storefronts }: StorefrontDependencies, tx: Tx, { tenantId }: AuthenticatedUser, text: string | null, facts: StorefrontFacts): Promise<Result<StorefrontId>> {
  if (text === null) {
    const id = tx.ids.next<StorefrontId>();
    await storefronts.add(tx, { ...facts, id, tenantId, createdAt: tx.now, updatedAt: tx.now });
    return ok(id);
  }
  const id = parseId<StorefrontId>(text);
  const changed = id !== null && (await storefronts.change(tx, id, tenantId, facts));
  return changed ? ok(id) : refused(noSuchStorefront(['input', 'id']));
}

export function noSuchStorefront(path: readonly string[]): UserError {
  return userError('NOT_FOUND', 'There is no such storefront.', path);
}
