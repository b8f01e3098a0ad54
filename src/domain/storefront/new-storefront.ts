import { parseId } from '../ids';
import type { ListingId } from '../ids';
import { checkAsset } from '../listing/copy';
import { parseCurrency } from '../money';
import type { CurrencyCode } from '../money';
import { invalid } from '../problem';
import type { Problem } from '../problem';
import { checkText } from '../text';
import type { StorefrontFacts } from './storefront';

export const MAX_CURRENCIES = 20;
/** Of listings that are chosen for a storefront. */
export const MAX_CHOSEN = 500;
const SLUG = /^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/;
const NAME = { min: 1, max: 120, lines: 'one' } as const;
const COLOR = /^#[0-9a-f]{6}$/i;

/** A storefront as it was written: currencies are still texts. */
export type StorefrontDraft = Omit<StorefrontFacts, 'currencies' | 'defaultCurrency'> & { readonly currencies: readonly string[]; readonly defaultCurrency: string };
export type ReadStorefront = { readonly ok: true; readonly facts: StorefrontFacts } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Whether a text may be a storefront's slug; what is none names no storefront. */
export function isSlug(text: string): boolean {
  return SLUG.test(text);
}

/** Reads a draft, gathering everything that is wrong with it. */
export function readStorefront(draft: StorefrontDraft): ReadStorefront {
  const { slug, name, logo, accentColor, curated } = draft;
  const currencies = draft.currencies.map(parseCurrency);
  const defaultCurrency = parseCurrency(draft.defaultCurrency);
  const problems = [
    isSlug(slug) ? null : invalid(['slug'], 'A slug has 3 to 63 letters a to z, digits and hyphens, with no hyphen at its ends.'),
    checkText(['name'], name, NAME),
    ...(logo === null ? [] : checkAsset(['logo'], logo)),
    accentColor === null || COLOR.test(accentColor) ? null : invalid(['accentColor'], 'A colour is written as #rrggbb.'),
    ...checkCurrencies(draft.currencies, currencies),
    defaultCurrency !== null && currencies.includes(defaultCurrency) ? null : invalid(['defaultCurrency'], 'The default has to be one of the currencies.'),
  ].filter((problem) => problem !== null);
  if (problems.length > 0 || defaultCurrency === null) return { ok: false, problems };
  return {
    ok: true,
    facts: { slug, name: name.trim(), logo, accentColor: accentColor?.toLowerCase() ?? null, currencies: currencies.filter((code) => code !== null), defaultCurrency, curated },
  };
}

function checkCurrencies(texts: readonly string[], codes: readonly (CurrencyCode | null)[]): (Problem | null)[] {
  if (texts.length < 1 || texts.length > MAX_CURRENCIES) {
    return [invalid(['currencies'], `A storefront has 1 to ${MAX_CURRENCIES} currencies; these are ${texts.length}.`, { max: `${MAX_CURRENCIES}` })];
  }
  return codes.map((code, i) => {
    if (code === null) return invalid(['currencies', `${i}`], `${texts[i] ?? ''} is not an ISO 4217 currency code.`);
    return codes.indexOf(code) < i ? invalid(['currencies', `${i}`], `${code} is named twice.`) : null;
  });
}

/** The listings to choose, null for what is no id; and what is wrong with them as a choice. Paths begin at the list. */
export function readChoice(texts: readonly string[]): { readonly ids: readonly (ListingId | null)[]; readonly problems: readonly Problem[] } {
  if (texts.length > MAX_CHOSEN) {
    return { ids: [], problems: [invalid([], `At most ${MAX_CHOSEN} listings can be chosen; these are ${texts.length}.`, { max: `${MAX_CHOSEN}` })] };
  }
  const ids = texts.map((text) => parseId<ListingId>(text));
  const seen = new Set<ListingId>();
  const problems = ids.flatMap((id, i) => {
    if (id !== null && seen.has(id)) return [invalid([`${i}`], 'The listing is named twice.', { listingId: id })];
    if (id !== null) seen.add(id);
    return [];
  });
  return { ids, problems };
}
