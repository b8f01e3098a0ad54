import type { ListingId, StorefrontId } from '../../domain/ids';
import type { CurrencyCode } from '../../domain/money';
import { isSlug } from '../../domain/storefront/new-storefront';
import type { StorefrontReader } from '../ports/storefronts';
import type { Tx } from '../ports/unit-of-work';
import { userError } from '../user-error';
import type { UserError } from '../user-error';

/** The storefront that a request is made in, as far as it decides what may be bought. */
export interface StorefrontAnswer {
  /** Null: in none. */
  readonly storefrontId: StorefrontId | null;
  readonly sells: (listingId: ListingId) => boolean;
  readonly problems: readonly UserError[];
}
type Storefronts = Pick<StorefrontReader, 'bySlugs' | 'chosen'>;

const ANYWHERE: StorefrontAnswer = { storefrontId: null, sells: () => true, problems: [] };

/** Looks the storefront up, with what was chosen for it and whether it takes the currency. */
export async function storefrontAnswer(tx: Tx, storefronts: Storefronts, slug: string | undefined, currency: CurrencyCode | null): Promise<StorefrontAnswer> {
  if (slug === undefined) return ANYWHERE;
  const [storefront] = isSlug(slug) ? await storefronts.bySlugs(tx, [slug]) : [];
  if (!storefront) return { ...ANYWHERE, problems: [userError('NOT_FOUND', 'There is no such storefront.', ['input', 'storefrontSlug'])] };
  const chosen = storefront.curated ? new Set((await storefronts.chosen(tx, [storefront.id])).map(({ listingId }) => listingId)) : null;
  const offered = storefront.currencies.join(', ');
  const problems = currency === null || storefront.currencies.includes(currency)
    ? []
    : [userError('CURRENCY_NOT_OFFERED', `“${storefront.name}” does not sell in ${currency}, only in ${offered}.`, ['input', 'currency'], { offered })];
  return { storefrontId: storefront.id, sells: (listingId) => chosen?.has(listingId) ?? true, problems };
}
