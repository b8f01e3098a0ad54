import { z } from 'zod';
import { parse, Problem } from '../http/problem';
import type { Neighbour } from '../neighbour';

/** Units for one euro, in millionths. */
const PER_EURO: Readonly<Record<string, bigint>> = {
  EUR: 1_000_000n, USD: 1_082_500n, GBP: 842_300n, JPY: 163_410_000n, CHF: 941_700n, SEK: 11_254_000n, PLN: 4_287_100n, KWD: 332_450n, CAD: 1_478_900n, AUD: 1_654_200n,
};
const DIGITS = 8;

const asked = z.object({ base: z.string(), quotes: z.string().transform((text) => text.split(',').filter(Boolean)) });

/** The FX service: a fixed table, every cross rate with eight decimals. */
export function fx(): Neighbour {
  return {
    prefix: '/fx',
    api: async (app) => {
      app.get('/api/v1/rates', async ({ query }) => {
        const { base, quotes } = parse(asked, query);
        return { asOf: new Date().toISOString(), rates: Object.fromEntries(quotes.map((quote) => [quote, rateOf(base, quote)])) };
      });
    },
  };
}

/** @throws Problem 404 for a currency that is not in the table */
function rateOf(base: string, quote: string): string {
  const [from, to] = [PER_EURO[base], PER_EURO[quote]];
  if (from === undefined || to === undefined) throw new Problem(404, 'no-such-rate', `there is no rate of ${base} in ${quote}`);
  const digits = ((to * 10n ** BigInt(DIGITS)) / from).toString().padStart(DIGITS + 1, '0');
  return `${digits.slice(0, -DIGITS)}.${digits.slice(-DIGITS)}`;
}
