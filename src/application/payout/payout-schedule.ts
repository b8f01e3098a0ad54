import { nextMonthly } from '../../domain/payout/calendar';
import { WORKER } from '../actor';
import type { BatchLease, PayoutBatches } from '../ports/payouts';
import type { UnitOfWork } from '../ports/unit-of-work';
import { BATCH_LEASE_MS } from './payout-run';
import type { PayoutRun } from './payout-run';
import type { PayoutTerms } from './payout-terms';

export interface PayoutScheduleParts {
  readonly unitOfWork: UnitOfWork;
  readonly batches: PayoutBatches;
  readonly run: PayoutRun;
  readonly terms: Pick<PayoutTerms, 'dayOfMonth'>;
}

/**
 * The monthly batch, and those that somebody began and did not finish. The next day of payouts is a row before it comes,
 * so that a day on which nothing ran is made up for; any replica takes what no other holds.
 */
export class PayoutSchedule {
  constructor(private readonly parts: PayoutScheduleParts) {}

  /** Works off one batch that is due; resolves to whether there was one. */
  async work(): Promise<boolean> {
    const { unitOfWork, batches, run, terms } = this.parts;
    const claimed = await unitOfWork.run(WORKER, async (tx) => {
      if (terms.dayOfMonth !== null) await batches.plan(tx, nextMonthly(tx.now, terms.dayOfMonth));
      const lease: BatchLease = { token: tx.ids.next(), durationMs: BATCH_LEASE_MS };
      const scheduledFor = await batches.claim(tx, lease);
      return scheduledFor && { scheduledFor, lease };
    }, { commit: 'payout.batch' });
    if (claimed) await run.workOff(claimed.scheduledFor, claimed.lease);
    return claimed !== null;
  }
}
