import { mkdirSync, writeFileSync } from 'node:fs';

/** What a run came to; written as reports/chaos-<seed>.json. */
export interface ChaosReport {
  readonly seed: number;
  readonly orders: number;
  readonly refused: number;
  readonly byStatus: Readonly<Record<string, number>>;
  readonly stuck: number;
  /** How often each fault was injected and took effect. */
  readonly faults: Readonly<Record<string, number>>;
  /** From the moment when everything worked again until the last saga had ended; business time went on meanwhile. */
  readonly recoveryMs: number;
  /** The longest that one fault lasted, from its injection until it was taken back and its replica was ready. */
  readonly longestFaultMs: number;
  readonly durationMs: number;
  /** Points at which a replica died or hung. */
  readonly points: readonly string[];
  readonly lostAndPublishedAgain: number;
  readonly contradictions: readonly string[];
}

export function writeReport(report: ChaosReport): string {
  mkdirSync('reports', { recursive: true });
  const path = `reports/chaos-${report.seed}.json`;
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}
