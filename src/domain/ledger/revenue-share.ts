import { money } from '../money';
import type { Money } from '../money';

/** How a line's price is shared out (domain-rules, "Revenue share"). */
export interface RevenueShare {
  /** Subtotal less what the provider itself gave off. */
  readonly gross: Money;
  /** What the platform keeps of the gross. */
  readonly fee: Money;
  /** What the provider earns: gross − fee. */
  readonly net: Money;
  /** What the buyer paid. */
  readonly paid: Money;
  /** What the platform gave off, which the provider does not bear: gross − paid. */
  readonly platformFunded: Money;
}

export interface SoldLine {
  readonly subtotal: Money;
  readonly discount: Money;
  readonly total: Money;
  /** The part of the discount that the platform bears. */
  readonly platformDiscount: Money;
}

/** `feeBasisPoints`: hundredths of a percent, 0 to 10,000. The fee is rounded half up at the minor unit. */
export function shareOf({ subtotal, discount, total, platformDiscount }: SoldLine, feeBasisPoints: number): RevenueShare {
  if (platformDiscount.amountMinor < 0n || platformDiscount.amountMinor > discount.amountMinor) throw new RangeError('the platform bears more than the discount');
  const { currency } = subtotal;
  const gross = subtotal.amountMinor - (discount.amountMinor - platformDiscount.amountMinor);
  const fee = halfUp(gross * BigInt(feeBasisPoints), 10_000n);
  return { gross: money(gross, currency), fee: money(fee, currency), net: money(gross - fee, currency), paid: total, platformFunded: platformDiscount };
}

/** An amount of a line and what it takes back of the sale, minor units. */
export interface Portion {
  readonly paid: bigint;
  readonly gross: bigint;
  readonly fee: bigint;
}

/**
 * What has to be reversed of a sale in all once `refunded` of what was paid has gone back: fee and gross in proportion,
 * half up. Cumulative, so that a line refunded in any steps reverses to exactly its sale, and never over.
 */
export function reversedBy(sale: Portion, refunded: bigint): Portion {
  const paid = refunded > sale.paid ? sale.paid : refunded;
  if (paid <= 0n) return { paid: 0n, gross: 0n, fee: 0n };
  return { paid, gross: halfUp(sale.gross * paid, sale.paid), fee: halfUp(sale.fee * paid, sale.paid) };
}

/** The quotient of two amounts that are not negative, rounded half up. */
function halfUp(numerator: bigint, denominator: bigint): bigint {
  return (2n * numerator + denominator) / (2n * denominator);
}
