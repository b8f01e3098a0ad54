import type { NatsConnection } from 'nats';
import type { Logger } from './application/ports/logger';
import { ensureMarketplaceStream } from './infrastructure/nats/connection';

interface Part {
  start(): void;
  stop(): Promise<void>;
}
export interface WorkParts {
  readonly relay: Part;
  /** Sagas: their calls and timers. */
  readonly runners: readonly (Part & { stopLooking(): void })[];
  /** What becomes due by the calendar. */
  readonly schedules: readonly Part[];
  readonly consumers: readonly Part[];
}
export interface Work extends Part {
  stopTaking(): Promise<void>;
}

/** What a replica does without being asked: it first takes nothing more, then ends what it has in hand, and publishes to the last. */
export function workOf({ nats, logger }: { readonly nats: NatsConnection; readonly logger: Logger }, { relay, runners, schedules, consumers }: WorkParts): Work {
  const parts = [relay, ...runners, ...schedules, ...consumers];
  const stopTaking = async (): Promise<void> => {
    for (const runner of runners) runner.stopLooking();
    await Promise.all([...schedules, ...consumers].map((part) => part.stop()));
  };
  return {
    start() {
      void ensureMarketplaceStream(nats).catch((error: unknown) => { logger.warn({ err: error }, 'the MARKETPLACE stream could not be made yet'); });
      for (const part of parts) part.start();
    },
    stopTaking,
    async stop(): Promise<void> {
      await stopTaking();
      await Promise.all(runners.map((runner) => runner.stop()));
      await relay.stop();
    },
  };
}
