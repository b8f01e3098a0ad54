import type { Logger } from './ports/logger';

export interface PollingParts {
  /** Does what is due; resolves to whether there may be more. */
  readonly look: () => Promise<boolean>;
  /** How often it looks while there is nothing to do, in milliseconds. */
  readonly pollMs: number;
  /** How soon it looks again when there may be more, in milliseconds. */
  readonly soonMs?: number;
  readonly logger: Logger;
  /** What it looks for, as the log says it. */
  readonly what: string;
}

/** Looks for due work again and again: one look at a time, the next one however this one ended. */
export class Polling {
  private timer: NodeJS.Timeout | null = null;
  private underWay: Promise<void> = Promise.resolve();
  private stopped = false;

  constructor(private readonly parts: PollingParts) {}

  start(): void {
    this.plan(0);
  }

  /** Takes nothing new, lets what is under way finish. */
  async stop(): Promise<void> {
    this.stopped = true;
    if (this.timer) clearTimeout(this.timer);
    await this.underWay;
  }

  private plan(delayMs: number): void {
    if (this.stopped) return;
    this.timer = setTimeout(() => { this.underWay = this.poll(); }, delayMs);
  }

  private async poll(): Promise<void> {
    const { look, pollMs, soonMs = 0, logger, what } = this.parts;
    let more = false;
    try {
      more = await look();
    } catch (error) {
      logger.warn({ err: error }, `looking for ${what} failed; it is looked for again`);
    } finally {
      this.plan(more ? Math.min(soonMs, pollMs) : pollMs);
    }
  }
}
