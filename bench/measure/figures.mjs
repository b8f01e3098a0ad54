// Numbers out of many numbers.

export function quantile(sorted, share) {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}

/** p50, p95 and p99 of latencies in milliseconds. */
export function latency(samples) {
  const sorted = [...samples].sort((a, b) => a - b);
  return { p50: quantile(sorted, 0.5), p95: quantile(sorted, 0.95), p99: quantile(sorted, 0.99) };
}

export function median(values) {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

/** The median of each figure over rounds; what is no number stays that of the last round. */
export function medianOf(rounds) {
  const last = rounds.at(-1) ?? {};
  return Object.fromEntries(Object.entries(last).map(([name, value]) => [name, typeof value === 'number' ? median(rounds.map((round) => round[name])) : value]));
}

/** Figures by name with a sensible number of digits. */
export function rounded(figures) {
  return Object.fromEntries(Object.entries(figures).map(([name, value]) =>
    [name, typeof value !== 'number' || Number.isInteger(value) ? value : Number(value.toPrecision(value >= 100 ? 4 : 3))]));
}
