const WITHOUT_CENTS = new Set(['JPY']);

/** What an amount in minor units is worth in another currency's, at the sandbox's rate of the moment. */
export function worthAt(sandboxUrl: string) {
  return async (minor: string, from: string, to: string): Promise<number> => {
    if (from === to) return Number(minor);
    const answer = await fetch(`${sandboxUrl}/fx/api/v1/rates?base=${from}&quotes=${to}`);
    const { rates } = (await answer.json()) as { readonly rates: Readonly<Record<string, string>> };
    return Number(minor) * unit(from) * Number(rates[to]) / unit(to);
  };
}

function unit(currency: string): number {
  return WITHOUT_CENTS.has(currency) ? 1 : 0.01;
}
