/**
 * Spreads `amount` over the weights so that the parts add up to it exactly: each gets its share rounded down, what is
 * left goes one by one to the largest remainders, ties to the earlier. With `amount` at most the sum of the weights, no
 * part passes its weight. All weights zero: nothing can be spread, and `amount` has to be zero too.
 */
export function spread(amount: bigint, weights: readonly bigint[]): bigint[] {
  const total = weights.reduce((sum, weight) => sum + weight, 0n);
  if (total === 0n) {
    if (amount !== 0n) throw new RangeError('there is nothing to spread the amount over');
    return weights.map(() => 0n);
  }
  const shares = weights.map((weight) => (amount * weight) / total);
  const left = amount - shares.reduce((sum, share) => sum + share, 0n);
  const first = weights
    .map((weight, index) => ({ index, remainder: (amount * weight) % total }))
    .sort((one, other) => (one.remainder === other.remainder ? one.index - other.index : one.remainder > other.remainder ? -1 : 1))
    .slice(0, Number(left));
  const raised = new Set(first.map(({ index }) => index));
  return shares.map((share, index) => (raised.has(index) ? share + 1n : share));
}
