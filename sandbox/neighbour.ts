import type { FastifyPluginAsync } from 'fastify';
import type { BehaviourRegister } from './behaviour/behaviour-register';
import type { EventOutlet } from './events/event-outlet';
import type { EventEnvelope } from './events/event-envelope';

/** What every neighbour gets: the switches, the way out for events, its own address. */
export interface NeighbourContext {
  readonly behaviour: BehaviourRegister;
  readonly outlet: EventOutlet;
  /** The sandbox's base URL without a slash at the end. */
  readonly baseUrl: string;
}

/** One sibling service, played. Adding one: a folder with a function that returns this, and a line in sandbox.ts. */
export interface Neighbour {
  /** Path prefix of its base URL, for example `/billing`. */
  readonly prefix: string;
  /** The API that the marketplace calls, under the prefix. */
  readonly api?: FastifyPluginAsync;
  /** What tests and the demo steer and witness, under /sandbox. */
  readonly controls?: FastifyPluginAsync;
  /** Called once for each delivery of each marketplace event; a throw is a bug and is reported. */
  readonly onMarketplaceEvent?: (event: EventEnvelope) => void;
  /** Drops its timers. */
  readonly stop?: () => void;
}
