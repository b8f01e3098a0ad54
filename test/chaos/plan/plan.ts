import { FAULT_POINTS, type FaultPoint } from '../../../src/infrastructure/faults/fault-points';
import { LANE_NAMES, LANES, type FaultName, type Lane } from './fault-names';
import { JOURNEY_NAMES, NEIGHBOUR_FAULTS, type JourneyName } from './journeys';
import { randomOf, type Random } from './random';

export interface PlannedOrder {
  readonly journey: JourneyName;
  readonly coupon: boolean;
  readonly watched: boolean;
}

export interface PlannedFault {
  readonly name: FaultName;
  readonly lane: Lane;
  /** Begins once so many orders have been placed. */
  readonly at: number;
  /** Which replica it hits, from 0, where it hits one. */
  readonly replica: number;
  /** Where a replica dies or stops by itself. */
  readonly point: FaultPoint;
  /** The how-manieth pass of that point, from 1. */
  readonly pass: number;
  /** How long connections stall or Redis is away, in milliseconds. */
  readonly holdMs: number;
}

/** All that chance decides in a run: the same seed, orders and replicas give the same plan. */
export interface Plan {
  readonly seed: number;
  readonly orders: readonly PlannedOrder[];
  readonly faults: readonly PlannedFault[];
  /** By how much each replica's own clock is off, in milliseconds. */
  readonly skewsMs: readonly number[];
}

/** Orders between two faults of a lane, on average. */
const SPACING: Readonly<Record<Lane, number>> = { processes: 22, stopped: 120, postgres: 24, nats: 26, redis: 40, messages: 25 };
/** Each fault comes so often at most: a long run is more orders between its faults, and ends in minutes. */
const ROUNDS = 4;
/** Below so many orders only points that every order passes are chosen: a rare one would not be passed in time. */
const FEW_ORDERS = 200;
const PASSED_BY_ALL = /^(order\.place|saga\.(claim|reply)|consume\.(billing|enrollment|ack)|outbox\.(hold|mark|publish)|billing\.process-payment)/;
/** Nobody passes these under this load, or only while stopping. */
const NOT_UNDER_LOAD = /^(listing|pricing-plan|coupon|course-version|storefront|payout|stripe|subject-request|subscription|renewal|saga\.(retry|compensate|resolve)|dead-letter|outbox\.(release|maintain)|consume\.(c|gdpr)|inbox\.count)/;
export const POINTS_UNDER_LOAD: readonly FaultPoint[] = FAULT_POINTS.filter((point) => !NOT_UNDER_LOAD.test(point));

export function planOf(seed: number, options: { readonly orders: number; readonly replicas: number }): Plan {
  const random = randomOf(seed);
  return {
    seed,
    orders: ordersOf(random, options.orders),
    faults: LANE_NAMES.flatMap((lane) => faultsOf(lane, random, seed, options)).sort((a, b) => a.at - b.at),
    skewsMs: Array.from({ length: options.replicas }, (_, index) => (index % 2 === 0 ? 1 : -1) * (240_000 + random.below(360_000))),
  };
}

/** Each kind before any comes again, and half of all orders as plain as most are. */
function ordersOf(random: Random, count: number): PlannedOrder[] {
  const journeys: JourneyName[] = [];
  while (journeys.length < count) journeys.push(...random.shuffled([...JOURNEY_NAMES, ...everyday(NEIGHBOUR_FAULTS.length)]));
  return journeys.slice(0, count).map((journey) => ({ journey, coupon: random.below(3) === 0, watched: random.below(3) === 0 }));
}

function everyday(count: number): JourneyName[] {
  const kinds: readonly JourneyName[] = ['plain', 'pack with learners', 'refund', 'plain', 'seats'];
  return Array.from({ length: Math.ceil(count / 2) }, (_, index) => kinds[index % kinds.length] as JourneyName);
}

/** Each fault of the lane before any comes again, spread evenly over the orders. */
function faultsOf(lane: Lane, random: Random, seed: number, { orders, replicas }: { readonly orders: number; readonly replicas: number }): PlannedFault[] {
  const names: FaultName[] = [];
  const count = Math.max(LANES[lane].length, Math.min(Math.round(orders / SPACING[lane]), ROUNDS * LANES[lane].length));
  while (names.length < count) names.push(...random.shuffled<FaultName>(LANES[lane]));
  const points = orders < FEW_ORDERS ? POINTS_UNDER_LOAD.filter((point) => PASSED_BY_ALL.test(point)) : POINTS_UNDER_LOAD;
  const rounds = Math.ceil(count / LANES[lane].length); // each round dies at the next point, each seed goes on where the last one ended
  return names.slice(0, count).map((name, index) => {
    const point = points[(seed * rounds + Math.floor(index / LANES[lane].length)) % points.length] as FaultPoint;
    return {
      name, lane, point,
      at: Math.floor((orders * (orders < FEW_ORDERS ? 0.65 : 0.85) * (index + random.below(100) / 100)) / count),
      replica: random.below(replicas),
      pass: PASSED_BY_ALL.test(point) ? 1 + random.below(3) : 1,
      holdMs: 1_000 + random.below(3_000),
    };
  });
}
