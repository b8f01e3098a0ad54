import type { CurrencyCode } from '../../domain/money';
import type { Quote } from '../../domain/payout/settlement';

export interface ExchangeRates {
  /** What one unit of `base` is worth in `quote`, now. @throws NeighbourUnavailable, also where there is no such rate */
  rate(base: CurrencyCode, quote: CurrencyCode): Promise<Quote>;
}
