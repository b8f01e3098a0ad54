import { Counter } from 'prom-client';
import type { Registry } from 'prom-client';

/** Several gauges of one scrape share one look. */
const FRESH_MS = 500;

/** How often a source of gauges could not be read; the scrape itself never fails, the gauges are absent from it. */
export function failedLooks(registry: Registry): Counter<'source'> {
  return new Counter({ name: 'marketplace_scrape_failures_total', help: 'Looks at the database or the streams that failed or took too long; their gauges are absent then.', labelNames: ['source'], registers: [registry] });
}

/**
 * Something outside of this process that gauges are filled from, when they are scraped. A look that fails or takes
 * longer than its bound counts as failed and leaves nothing behind; the next begins only when it has ended.
 */
export class ScrapedSource {
  private underWay: Promise<void> | null = null;
  private lookedAt = -Infinity;

  constructor(
    private readonly look: () => Promise<void>,
    private readonly clear: () => void,
    private readonly onFailure: () => void,
    private readonly withinMs: number,
  ) {}

  async refresh(): Promise<void> {
    if (this.underWay === null && performance.now() - this.lookedAt > FRESH_MS) {
      this.underWay = this.look().then(() => undefined).finally(() => { this.underWay = null; this.lookedAt = performance.now(); });
      this.underWay.catch(() => undefined);
    }
    try {
      await this.bounded(this.underWay ?? Promise.resolve());
    } catch {
      this.clear();
      this.onFailure();
    }
  }

  private async bounded(look: Promise<void>): Promise<void> {
    let timer: NodeJS.Timeout | undefined;
    const bound = new Promise<never>((_resolve, reject) => { timer = setTimeout(() => { reject(new Error('too slow')); }, this.withinMs); });
    await Promise.race([look, bound]).finally(() => { clearTimeout(timer); });
  }
}
