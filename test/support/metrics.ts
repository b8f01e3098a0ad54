import type { Replica } from './replica';

/** Samples of one scrape, by name and labels as they stand in it: `marketplace_operations_total{transport="http",outcome="good"}`. */
export type Samples = ReadonlyMap<string, number>;

export async function scrape(replica: Replica): Promise<Samples> {
  const answer = await fetch(`${replica.url}/metrics`);
  if (answer.status !== 200) throw new Error(`/metrics answered ${answer.status}`);
  const lines = (await answer.text()).split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  return new Map(lines.map((line) => [line.slice(0, line.lastIndexOf(' ')), Number(line.slice(line.lastIndexOf(' ') + 1))]));
}

/** The sum of what the replicas tell. */
export async function total(replicas: readonly Replica[], sample: string): Promise<number> {
  const all = await Promise.all(replicas.filter((replica) => replica.running).map(scrape));
  return all.reduce((sum, samples) => sum + (samples.get(sample) ?? 0), 0);
}
