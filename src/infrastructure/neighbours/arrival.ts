import { setTimeout as pause } from 'node:timers/promises';
import type { Logger } from '../../application/ports/logger';

const FIRST_PAUSE_MS = 250;
const LONGEST_PAUSE_MS = 2_000;

export interface ArrivalOptions {
  readonly logger: Logger;
  /** Told each time what the neighbour's state is: `ok`, or what is wrong. */
  readonly note: (name: string, state: string) => void;
  /** Ends the wait: this replica is told to stop. */
  readonly signal: AbortSignal;
  /** The longest pause between two attempts, in milliseconds. Default 2,000. */
  readonly longestPauseMs?: number;
}

/**
 * Tries until the neighbour is there, less and less often, up to every two seconds. One line in the log says that it
 * is waited for (another, if the reason changes), one that it came; one that was there from the start says nothing.
 * @throws AbortError when the wait is ended
 */
export async function arrival<T>(name: string, attempt: () => Promise<T>, options: ArrivalOptions): Promise<T> {
  const { logger, note, signal, longestPauseMs = LONGEST_PAUSE_MS } = options;
  let told: string | null = null;
  for (let pauseMs = FIRST_PAUSE_MS; ; pauseMs = Math.min(pauseMs * 2, longestPauseMs)) {
    try {
      const arrived = await attempt();
      note(name, 'ok');
      if (told !== null) logger.info({ neighbour: name }, 'a neighbour that was waited for is there');
      return arrived;
    } catch (error) {
      const reason = reasonOf(error);
      note(name, reason);
      if (reason !== told) logger.warn({ neighbour: name, reason }, 'waiting for a neighbour');
      told = reason;
    }
    await pause(Math.min(pauseMs, longestPauseMs), undefined, { signal });
  }
}

/** A connection tried at several addresses fails with an error that holds one for each, and says nothing itself. */
function reasonOf(error: unknown): string {
  if (error instanceof AggregateError && error.message === '') return [...new Set(error.errors.map(reasonOf))].join('; ');
  if (!(error instanceof Error)) return String(error);
  return error.cause instanceof Error ? `${error.message}: ${reasonOf(error.cause)}` : error.message || error.name;
}
