import { waitFor } from '../../support/wait';
import type { Day } from '../plan/calendar';
import type { YearWorld } from '../world/year-world';

/** Fewer tries than that on a day, and the next day may be the better one to kill a replica on. */
const BUSY = 8;
/** So long a day is waited for that is busy enough. */
const PATIENCE_DAYS = 10;

/** Kills a replica in the midst of work, on or after each of the planned days. */
export class Misfortune {
  kills = 0;
  private readonly planned: Day[];

  constructor(
    private readonly world: YearWorld,
    planned: readonly Day[],
    private readonly busy: number = BUSY,
  ) {
    this.planned = [...planned];
  }

  /** Called when the clock has reached the hour at which `tries` renewals are due; returns whom it killed, by name. */
  async strike(day: Day, tries: number): Promise<string | null> {
    const due = this.planned[0];
    if (due === undefined || day < due || tries === 0 || (tries < this.busy && day < due + PATIENCE_DAYS)) return null;
    this.planned.shift();
    const replica = this.world.replicas[this.kills % this.world.replicas.length];
    if (!replica) return null;
    this.kills += 1;
    await waitFor(async () => (await this.world.sql('select 1 from marketplace.saga where call_due_at is not null limit 1')).length > 0, { withinMs: 5_000, what: 'a call under way', everyMs: 2 }).catch(() => undefined);
    await replica.kill('SIGKILL');
    await replica.start();
    return replica.name;
  }
}
