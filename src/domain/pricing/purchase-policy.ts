import type { CurrencyCode, Money } from '../money';

/** A bound on what a tenant may spend in one currency; minor units, null: none. */
export interface PurchaseCap {
  readonly currency: string;
  readonly perOrderMinor: bigint | null;
  /** Per calendar month, UTC. */
  readonly perMonthMinor: bigint | null;
}

/** What tenant-service lets a tenant buy. */
export interface PurchasePolicy {
  /** Null: every currency. */
  readonly allowedCurrencies: readonly string[] | null;
  readonly purchaseCaps: readonly PurchaseCap[];
}

export const EVERYTHING_ALLOWED: PurchasePolicy = { allowedCurrencies: null, purchaseCaps: [] };

export function isAllowed({ allowedCurrencies }: PurchasePolicy, currency: CurrencyCode): boolean {
  return allowedCurrencies === null || allowedCurrencies.includes(currency);
}

/** The tightest bounds of the currency; one without an entry is not capped. */
export function capOf({ purchaseCaps }: PurchasePolicy, currency: CurrencyCode): Omit<PurchaseCap, 'currency'> {
  const caps = purchaseCaps.filter((cap) => cap.currency === currency);
  return { perOrderMinor: least(caps.map((cap) => cap.perOrderMinor)), perMonthMinor: least(caps.map((cap) => cap.perMonthMinor)) };
}

export type BrokenCap = { readonly per: 'order' | 'month'; readonly capMinor: bigint };

/** Which of the bounds an order of `total` would break, `spentMinor` being what the month has seen already. */
export function brokenCaps(policy: PurchasePolicy, total: Money, spentMinor: bigint): BrokenCap[] {
  const { perOrderMinor, perMonthMinor } = capOf(policy, total.currency);
  return [
    ...(perOrderMinor !== null && total.amountMinor > perOrderMinor ? [{ per: 'order', capMinor: perOrderMinor } as const] : []),
    ...(perMonthMinor !== null && total.amountMinor > 0n && spentMinor + total.amountMinor > perMonthMinor ? [{ per: 'month', capMinor: perMonthMinor } as const] : []),
  ];
}

function least(bounds: readonly (bigint | null)[]): bigint | null {
  return bounds.reduce((lowest, bound) => (lowest === null || (bound !== null && bound < lowest) ? bound : lowest), null);
}
