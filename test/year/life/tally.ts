import type { Account } from '../reckoning/account';
import type { Answer, Deed } from '../plan/fate';
import { DEEDS } from '../plan/fate';

/** What has happened so far, counted as it was reckoned; the checks hold the service to the same. */
export interface Tally {
  readonly deeds: Readonly<Record<Deed, number>>;
  readonly tries: Readonly<Record<Answer, number>>;
  readonly states: Readonly<Record<string, number>>;
  /** Periods after the first that were paid for. */
  readonly renewals: number;
  readonly renewalsFailed: number;
}

export class Counter {
  private readonly deeds = Object.fromEntries(DEEDS.map((deed) => [deed, 0])) as Record<Deed, number>;
  private readonly tries: Record<Answer, number> = { pays: 0, soft: 0, hard: 0 };

  deed(deed: Deed): void {
    this.deeds[deed] += 1;
  }

  attempt(answer: Answer): void {
    this.tries[answer] += 1;
  }

  total(accounts: readonly Account[]): Tally {
    const states: Record<string, number> = {};
    for (const { state } of accounts) states[state] = (states[state] ?? 0) + 1;
    const renewals = accounts.flatMap(({ bills }) => bills.slice(1));
    return {
      deeds: this.deeds, tries: this.tries, states,
      renewals: renewals.filter(({ fulfilledOn }) => fulfilledOn !== null).length, renewalsFailed: renewals.filter(({ status }) => status === 'FAILED').length,
    };
  }
}
