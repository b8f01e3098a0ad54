import type { TenantId } from '../../domain/ids';
import { WORKER } from '../actor';
import type { Logger } from '../ports/logger';
import { NeighbourUnavailable } from '../ports/neighbour-unavailable';
import type { BatchLease, Candidate, PayoutBatches, PayoutStore } from '../ports/payouts';
import type { UnitOfWork } from '../ports/unit-of-work';
import type { Paid, PayProvider } from './pay-provider';

export interface PayoutRunParts {
  readonly unitOfWork: UnitOfWork;
  readonly payouts: Pick<PayoutStore, 'candidates'>;
  readonly batches: PayoutBatches;
  readonly payProvider: PayProvider;
  readonly logger: Logger;
}

/** How many providers did how well; `unavailable`: somebody who has to be asked did not answer. */
export type BatchOutcome = Readonly<Record<Paid | 'unavailable', number>>;
const NOTHING: BatchOutcome = { scheduled: 0, 'nothing-to-pay': 0, held: 0, 'account-missing': 0, 'kyc-not-verified': 0, unavailable: 0 };

/** How long a batch belongs to whoever works it off, in real time; held on to with every page of providers. */
export const BATCH_LEASE_MS = 30_000;
const PAGE = 50;
/** Providers under way at once. */
const TOGETHER = 4;

/** Works a batch off, provider by provider, each in a commit of its own: whatever was written stays, whoever goes on. */
export class PayoutRun {
  constructor(private readonly parts: PayoutRunParts) {}

  /** A batch with a provider who could not be judged is left unfinished, and gone on with after its lease. */
  async workOff(scheduledFor: string, lease: BatchLease): Promise<BatchOutcome> {
    const outcome = { ...NOTHING };
    for (let after: TenantId | null = null; ;) {
      const page: Candidate[] = await this.page(scheduledFor, after);
      for (let from = 0; from < page.length; from += TOGETHER) {
        const results = await Promise.all(page.slice(from, from + TOGETHER).map((candidate) => this.payOne(candidate, scheduledFor)));
        for (const result of results) outcome[result] += 1;
      }
      after = page.at(-1)?.providerTenantId ?? after;
      if (page.length < PAGE) break;
      if (!(await this.stillOurs(scheduledFor, lease))) return outcome;
    }
    await this.parts.unitOfWork.run(WORKER, (tx) => this.parts.batches.release(tx, scheduledFor, lease.token, outcome.unavailable === 0), { commit: 'payout.batch-end' });
    this.parts.logger.info({ scheduledFor, ...outcome }, 'a batch of payouts was worked off');
    return outcome;
  }

  private page(scheduledFor: string, after: TenantId | null): Promise<Candidate[]> {
    return this.parts.unitOfWork.run(WORKER, (tx) => this.parts.payouts.candidates(tx, scheduledFor, after, PAGE));
  }

  private stillOurs(scheduledFor: string, lease: BatchLease): Promise<boolean> {
    return this.parts.unitOfWork.run(WORKER, (tx) => this.parts.batches.hold(tx, scheduledFor, lease), { commit: 'payout.batch' });
  }

  private async payOne(candidate: Candidate, scheduledFor: string): Promise<keyof BatchOutcome> {
    try {
      return await this.parts.payProvider.pay(candidate, scheduledFor);
    } catch (error) {
      const facts = { err: error, providerTenantId: candidate.providerTenantId };
      if (error instanceof NeighbourUnavailable) this.parts.logger.warn(facts, 'a provider is not paid for now');
      else this.parts.logger.error(facts, 'a payout failed; the others go on, and this one is tried again');
      return 'unavailable';
    }
  }
}
