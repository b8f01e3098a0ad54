import { dayOf, startOf } from '../../domain/payout/calendar';
import { WORKER } from '../actor';
import type { Caller } from '../actor';
import { inRole, roleMissing } from '../listing/authorise';
import type { BatchLease, PayoutBatches } from '../ports/payouts';
import type { UnitOfWork } from '../ports/unit-of-work';
import { ok, refused, userError } from '../user-error';
import type { Result, UserError } from '../user-error';
import { BATCH_LEASE_MS } from './payout-run';
import type { BatchOutcome, PayoutRun } from './payout-run';

export interface RunPayoutsParts {
  readonly unitOfWork: UnitOfWork;
  readonly batches: PayoutBatches;
  readonly run: PayoutRun;
}

/** How far ahead a day may lie, in days. */
const AHEAD_DAYS = 31;
const DAY_MS = 24 * 60 * 60 * 1_000;

/**
 * A batch out of turn: payouts for everybody who has something to get, transferred once the day has come. Asked again
 * for the same day it pays those who were not, and those whose payout failed. Answers with the day.
 */
export function runPayouts({ unitOfWork, batches, run }: RunPayoutsParts) {
  return async (caller: Caller, scheduledFor: string): Promise<Result<string>> => {
    if (!inRole(caller, 'platform_admin')) return refused(roleMissing('platform_admin'));
    const opened = await unitOfWork.run(WORKER, async (tx) => {
      const lease: BatchLease = { token: tx.ids.next(), durationMs: BATCH_LEASE_MS };
      if (startOf(scheduledFor).getTime() > tx.now.getTime() + AHEAD_DAYS * DAY_MS) return 'too-far' as const;
      return { lease, ours: await batches.open(tx, scheduledFor, lease), today: dayOf(tx.now) };
    }, { commit: 'payout.batch' });
    if (opened === 'too-far') return refused(userError('INVALID_INPUT', `The day may lie at most ${AHEAD_DAYS} days ahead.`, ['scheduledFor'], { max: String(AHEAD_DAYS) }));
    if (!opened.ours) return ok(scheduledFor); // a replica works it off right now
    const reasons = reasonsFor(await run.workOff(scheduledFor, opened.lease));
    return reasons.length > 0 ? refused(...reasons) : ok(scheduledFor);
  };
}

/** Why nobody at all was paid, where somebody should have been; whoever else was paid, it is no refusal. */
function reasonsFor(outcome: BatchOutcome): UserError[] {
  if (outcome.scheduled > 0) return [];
  const about = (count: number) => ({ providers: String(count) });
  return [
    ...(outcome['account-missing'] > 0 ? [userError('PAYOUT_ACCOUNT_MISSING', 'Nobody with earnings to be paid has an account that Stripe has verified.', ['scheduledFor'], about(outcome['account-missing']))] : []),
    ...(outcome['kyc-not-verified'] > 0 ? [userError('KYC_NOT_VERIFIED', 'Nobody with earnings to be paid has a verified identity.', ['scheduledFor'], about(outcome['kyc-not-verified']))] : []),
    ...(outcome.unavailable > 0 ? [userError('TEMPORARILY_UNAVAILABLE', 'Stripe, tenant-service or the exchange rates cannot be reached. It is tried again by itself.', ['scheduledFor'], about(outcome.unavailable))] : []),
  ];
}
