import { z } from 'zod';
import type { ExchangeRates } from '../../application/ports/exchange-rates';
import { NeighbourUnavailable } from '../../application/ports/neighbour-unavailable';
import type { CurrencyCode } from '../../domain/money';
import { parseRate } from '../../domain/payout/exchange';
import type { Quote } from '../../domain/payout/settlement';
import { getJson } from '../neighbours/get-json';
import type { NeighbourAddress } from '../neighbours/get-json';

/** Rates as text keep their digits; a number is taken as it is written. */
const answer = z.object({ asOf: z.iso.datetime({ offset: true }), rates: z.record(z.string(), z.union([z.string(), z.number().transform(String)])) });

/** The FX service over HTTP (contract: neighbours). Nothing is cached here: a rate is locked with the payout that uses it. */
export class FxClient implements ExchangeRates {
  private readonly address: NeighbourAddress;

  /** @param baseUrl `FX_URL` */
  constructor(baseUrl: string) {
    this.address = { name: 'fx', baseUrl };
  }

  async rate(base: CurrencyCode, quote: CurrencyCode): Promise<Quote> {
    const told = await getJson(this.address, `/api/v1/rates?base=${base}&quotes=${quote}`, answer);
    const rate = told?.rates[quote];
    if (!told || rate === undefined || !parseRate(rate)) throw new NeighbourUnavailable('fx', `has no usable rate of ${base} in ${quote}`);
    return { rate, asOf: new Date(told.asOf) };
  }
}
