import { parseId } from '../ids';
import type { ListingId, TenantId } from '../ids';
import { exponentOf, fromDecimal, parseCurrency } from '../money';
import type { Money } from '../money';
import { MAX_AMOUNT_MINOR } from '../pricing/plan-prices';
import type { PriceText } from '../pricing/plan-prices';
import { invalid } from '../problem';
import type { Problem } from '../problem';
import type { CouponBounds, CouponFunding, CouponOff, CouponTerms } from './coupon';

export const MAX_CODE_LENGTH = 64;
/** Of listings, and of tenants, that a coupon names. */
export const MAX_NAMED = 1_000;

/** A coupon as it was written: amounts, percentages and ids are still texts. */
export interface CouponDraft extends CouponBounds {
  readonly code: string;
  readonly funding: CouponFunding;
  readonly providerTenantId: TenantId | null;
  readonly percentOff: string | null;
  readonly amountOff: PriceText | null;
  readonly startsAt: Date | null;
  readonly endsAt: Date | null;
  readonly minimumSubtotal: PriceText | null;
  readonly listingIds: readonly string[];
  readonly tenantIds: readonly string[];
}
export type NewCoupon = { readonly ok: true; readonly terms: CouponTerms; readonly bounds: CouponBounds } | { readonly ok: false; readonly problems: readonly Problem[] };

/** Reads a draft, gathering everything that is wrong with it. */
export function readCoupon(draft: CouponDraft): NewCoupon {
  const problems: Problem[] = [];
  const keep = <T extends object>(read: T | Problem | null): T | null => {
    if (read !== null && 'code' in read && 'path' in read) problems.push(read);
    else return read;
    return null;
  };
  const { funding, providerTenantId, startsAt, endsAt, maxRedemptions, maxRedemptionsPerTenant, maxRedemptionsPerBuyer } = draft;
  const bounds = { maxRedemptions, maxRedemptionsPerTenant, maxRedemptionsPerBuyer };
  const code = draft.code.trim();
  if (!isCode(code)) problems.push(invalid(['code'], `A code has 1 to ${MAX_CODE_LENGTH} visible characters and no blanks.`, { max: `${MAX_CODE_LENGTH}` }));
  const off = keep(readOff(draft));
  const minimumSubtotal = draft.minimumSubtotal && keep(readAmount(['minimumSubtotal'], draft.minimumSubtotal));
  if (startsAt && endsAt && startsAt >= endsAt) problems.push(invalid(['endsAt'], 'It has to end after it starts.'));
  problems.push(...checkBounds(bounds));
  const listings = readIds<ListingId>('listingIds', draft.listingIds);
  const tenants = readIds<TenantId>('tenantIds', draft.tenantIds);
  problems.push(...listings.problems, ...tenants.problems);
  if (problems.length > 0 || !off) return { ok: false, problems };
  return { ok: true, bounds, terms: { code, funding, providerTenantId, off, startsAt, endsAt, minimumSubtotal, listingIds: listings.ids, tenantIds: tenants.ids } };
}

function isCode(code: string): boolean {
  return code.length >= 1 && code.length <= MAX_CODE_LENGTH && code.isWellFormed() && !/[\s\p{Cc}]/u.test(code);
}

function readOff({ percentOff, amountOff }: CouponDraft): CouponOff | Problem {
  if ((percentOff === null) === (amountOff === null)) return invalid(['percentOff'], 'A coupon takes either a percentage or an amount off.');
  if (percentOff !== null) return readPercent(percentOff);
  const amount = readAmount(['amountOff'], amountOff as PriceText);
  return 'path' in amount ? amount : { kind: 'amount', amount };
}

/** "12.5": above 0, at most 100, with up to two decimals. */
function readPercent(text: string): CouponOff | Problem {
  const [, whole = '', fraction = ''] = /^(\d{1,3})(?:\.(\d{1,2})0*)?$/.exec(text) ?? [];
  const hundredths = whole === '' ? 0 : Number(whole) * 100 + Number(fraction.padEnd(2, '0'));
  if (hundredths < 1 || hundredths > 10_000) return invalid(['percentOff'], 'A percentage is above 0, at most 100, and has up to two decimals.', { decimals: '2' });
  return { kind: 'percent', hundredths };
}

function readAmount(path: readonly string[], { amount, currency: code }: PriceText): Money | Problem {
  const currency = parseCurrency(code);
  if (currency === null) return invalid([...path, 'currency'], 'This is no ISO 4217 currency code.');
  const read = fromDecimal(amount, currency);
  if (read === null) return invalid([...path, 'amount'], `Write the amount with at most ${exponentOf(currency)} decimal places.`, { decimals: `${exponentOf(currency)}` });
  if (read.amountMinor < 1n || read.amountMinor > MAX_AMOUNT_MINOR) return invalid([...path, 'amount'], 'The amount is above zero, and at most 10^12 minor units.', { maxMinor: `${MAX_AMOUNT_MINOR}` });
  return read;
}

function checkBounds(bounds: CouponBounds): Problem[] {
  return Object.entries(bounds).flatMap(([field, bound]: [string, number | null]) =>
    bound !== null && (bound < 1 || bound > 2_147_483_647) ? [invalid([field], 'A bound on redemptions is at least 1; leave it out for none.', { min: '1' })] : []);
}

function readIds<Id extends string>(field: string, texts: readonly string[]): { readonly ids: readonly Id[]; readonly problems: readonly Problem[] } {
  if (texts.length > MAX_NAMED) return { ids: [], problems: [invalid([field], `At most ${MAX_NAMED} can be named.`, { max: `${MAX_NAMED}` })] };
  const ids = texts.map((text) => parseId<Id>(text));
  return {
    ids: [...new Set(ids.filter((id) => id !== null))],
    problems: ids.flatMap((id, index) => (id === null ? [invalid([field, `${index}`], 'This is no UUID.')] : [])),
  };
}
