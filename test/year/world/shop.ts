import { CreateCouponDocument, CreatePayoutOnboardingLinkDocument } from '../../e2e/operations/generated';
import { patronOf } from '../../chaos/load/marketplace-client';
import type { Patron } from '../../chaos/load/marketplace-client';
import { openListing, person } from '../../support/shop';
import type { Person } from '../../support/shop';
import { COUPON_PERCENT, CURRENCIES, decimalOf, PROVIDERS, RHYTHM_NAMES, RHYTHMS, unitMinor } from '../plan/offers';
import type { Funding, RhythmName } from '../plan/offers';
import type { YearWorld } from './year-world';

/** What there is to buy, and who may do what nobody else may. */
export interface YearShop {
  readonly operator: Patron;
  /** In the plan's order. */
  readonly providers: readonly { readonly tid: string; readonly plans: Readonly<Record<RhythmName, string>> }[];
}

const PAGES = { returnUrl: 'https://provider.example.org/done', refreshUrl: 'https://provider.example.org/again' };

export function couponCode(provider: number, funding: Funding): string {
  return `${funding}-${provider}`;
}

/** Every provider's listing with all of its plans, its coupons, and an account at Stripe. */
export async function openYearShop(world: YearWorld): Promise<YearShop> {
  const entrance = { url: world.subgraphUrl, sandbox: world.sandbox };
  const admin = await person(entrance, ['platform_admin']);
  const providers = await Promise.all(PROVIDERS.map(async (currency, index) => {
    const provider = await person(entrance, ['provider']);
    const { listingId, plans } = await openListing(world.sandbox, { provider, admin }, plansOf(index));
    for (const funding of Object.keys(COUPON_PERCENT) as Funding[]) await offerCoupon(funding === 'PROVIDER' ? provider : admin, index, funding, listingId);
    await openAccount(provider, currency);
    return { tid: provider.tid, plans };
  }));
  return { providers, operator: await patronOf(world, ['platform_admin']) };
}

function plansOf(provider: number) {
  return Object.fromEntries(RHYTHM_NAMES.map((name) => {
    const { interval, count, trialDays } = RHYTHMS[name];
    const prices = CURRENCIES.map((currency) => ({ currency, amount: decimalOf(unitMinor(provider, name, currency), currency) }));
    return [name, { kind: 'SUBSCRIPTION', name, billingInterval: interval, intervalCount: count, trialDays, prices }];
  })) as Record<RhythmName, { kind: 'SUBSCRIPTION'; name: string; billingInterval: 'MONTH' | 'YEAR'; intervalCount: number; trialDays: number; prices: { currency: string; amount: string }[] }>;
}

async function offerCoupon(by: Person, provider: number, funding: Funding, listingId: string): Promise<void> {
  const input = { code: couponCode(provider, funding), funding, percentOff: String(COUPON_PERCENT[funding]), listingIds: [listingId] };
  const { createCoupon } = await by.http.data(CreateCouponDocument, { input });
  if (!createCoupon.coupon) throw new Error(JSON.stringify(createCoupon));
}

async function openAccount(provider: Person, currency: string): Promise<void> {
  const { createPayoutOnboardingLink: { url, userErrors } } = await provider.http.data(CreatePayoutOnboardingLinkDocument, { input: { currency, ...PAGES } });
  if (!url) throw new Error(JSON.stringify(userErrors));
  await fetch(url, { redirect: 'manual' });
}
