// Closed loops: so many clients, each with its next operation as soon as the last is done.
import { latency } from '../measure/figures.mjs';

/** Resolves to throughput and latency; `operation(client)` may resolve to a latency of its own. The first failure ends it. */
export async function closedLoop(clients, seconds, operation) {
  const samples = [];
  const from = performance.now();
  const until = from + seconds * 1_000;
  await Promise.all(clients.map(async (client) => {
    while (performance.now() < until) {
      const began = performance.now();
      const own = await operation(client);
      samples.push(own ?? performance.now() - began);
    }
  }));
  return { operations: samples.length, perSecond: samples.length / ((performance.now() - from) / 1_000), ...latency(samples) };
}

/** Operations begun at a steady rate, whether those before are done or not; latencies are those of `operation`. */
export async function steadyRate(clients, { perSecond, seconds }, operation) {
  const samples = [];
  const running = [];
  const from = performance.now();
  for (let begun = 0; begun < perSecond * seconds; begun += 1) {
    const dueAt = from + (begun / perSecond) * 1_000;
    const early = dueAt - performance.now();
    if (early > 0) await new Promise((resolve) => setTimeout(resolve, early));
    // From when it was due: a generator that falls behind may not hide what its users would wait.
    running.push(operation(clients[begun % clients.length]).then((own) => samples.push(own ?? performance.now() - dueAt)));
  }
  await Promise.all(running);
  return { operations: samples.length, perSecond: samples.length / ((performance.now() - from) / 1_000), ...latency(samples) };
}
