import { mkdirSync, writeFileSync } from 'node:fs';
import type { Tally } from './life/tally';

/** What a year came to; written as reports/year-<seed>.json. */
export interface YearReport extends Tally {
  readonly seed: number;
  readonly subscriptions: number;
  /** Lived through, the opening month included. */
  readonly days: number;
  readonly from: string;
  readonly to: string;
  /** Replicas killed (SIGKILL) in the midst of renewals. */
  readonly kills: number;
  /** Transfers that Stripe made. */
  readonly payouts: number;
  readonly events: number;
  readonly durationMs: number;
  /** In the first evening that had some. */
  readonly contradictions: readonly string[];
  /** By what every world has to satisfy, looked at once in the end. */
  readonly atTheEnd: readonly string[];
}

export function writeReport(report: YearReport): string {
  mkdirSync('reports', { recursive: true });
  const path = `reports/year-${report.seed}.json`;
  writeFileSync(path, `${JSON.stringify(report, null, 2)}\n`);
  return path;
}
