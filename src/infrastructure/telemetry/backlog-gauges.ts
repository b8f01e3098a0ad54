import type { Counter, Gauge, Registry } from 'prom-client';
import type { BacklogReader } from '../postgres/backlog-reader';
import { gauge } from './service-metrics';
import { ScrapedSource } from './scraped-source';

/** Longer than these statements ever take, shorter than a scrape may. */
const WITHIN_MS = 2_000;

/** What waits in the database: every replica tells the same, alerts take the largest. */
export function registerBacklogGauges(registry: Registry, reader: BacklogReader, failures: Counter<'source'>): void {
  const clearings: (() => void)[] = [];
  const clear = (): void => { for (const one of clearings) one(); };
  const source = new ScrapedSource(look, clear, () => { failures.inc({ source: 'database' }); }, WITHIN_MS);
  const add = (name: string, help: string, ...labels: readonly string[]): Gauge => {
    const made = gauge(registry, name, help, labels, () => source.refresh());
    // Absent until it is known. `reset` of one without labels would say 0: that nothing waits.
    clearings.push(() => { if (labels.length > 0) made.reset(); else made.remove(); });
    clearings.at(-1)?.();
    return made;
  };
  const unpublished = add('outbox_unpublished', 'Events in the outbox that are not published yet (counted up to 10,000).');
  const oldest = add('outbox_oldest_age_seconds', 'Age of the oldest event that is not published yet; 0: there is none.');
  const stuck = add('sagas_stuck', 'Sagas that wait for an operator.', 'saga');
  const overdue = add('sagas_overdue', 'Sagas with a call that has been due for more than a minute (counted up to 10,000).');
  const letters = add('dead_letters', 'Events that could not be taken in and have not been replayed.', 'consumer');
  const unbalanced = add('journal_unbalanced_entries', 'Journal entries of the last ten minutes whose postings do not sum to zero.');
  const requests = add('subject_requests_open', 'Requests of persons that are not answered yet.', 'kind');
  const waiting = add('subject_request_oldest_age_seconds', 'Age of the oldest request of a person that is not answered yet, in business time.', 'kind');
  const payouts = add('payout_oldest_age_seconds', 'How long the oldest payout that has not ended is under way, in business time; 0: there is none.');
  const renewals = add('renewal_oldest_due_age_seconds', 'How long the renewal that is longest due has not been begun, in business time; 0: none is due.');

  async function look(): Promise<void> {
    const backlog = await reader.read();
    clear();
    unpublished.set(backlog.unpublished);
    oldest.set(backlog.oldestAgeSeconds);
    overdue.set(backlog.overdueSagas);
    unbalanced.set(backlog.unbalancedEntries);
    payouts.set(backlog.payoutAgeSeconds);
    renewals.set(backlog.renewalAgeSeconds);
    for (const { name, count } of backlog.stuckSagas) stuck.set({ saga: name }, count);
    for (const { name, count } of backlog.deadLetters) letters.set({ consumer: name }, count);
    for (const { name, count, ageSeconds } of backlog.subjectRequests) {
      requests.set({ kind: name }, count);
      waiting.set({ kind: name }, ageSeconds);
    }
  }
}
