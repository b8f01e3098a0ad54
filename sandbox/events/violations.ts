import type { FastifyPluginAsync } from 'fastify';

/** An event that breaks its contract: one of ours, or one that the marketplace published. */
export interface Violation {
  readonly at: string;
  readonly direction: 'published' | 'received';
  readonly type: string;
  readonly eventId: string;
  readonly faults: readonly string[];
}

const KEPT = 200;

/** Contract breaches are loud (stderr) and countable, and never stop the sandbox. */
export class Violations {
  private readonly latest: Violation[] = [];
  private total = 0;

  get count(): number {
    return this.total;
  }

  report(violation: Omit<Violation, 'at'>): void {
    this.total += 1;
    this.latest.push({ at: new Date().toISOString(), ...violation });
    if (this.latest.length > KEPT) this.latest.shift();
    const { direction, type, eventId, faults } = violation;
    console.error(`sandbox: CONTRACT VIOLATION in ${direction} event ${type} ${eventId}: ${faults.join('; ')}`);
  }

  readonly controls: FastifyPluginAsync = async (app) => {
    app.get('/violations', async () => ({ count: this.total, violations: this.latest }));
  };
}
