/**
 * What is injected, by the lane that it runs in: within a lane one after the other, lanes beside each other. Clocks are
 * off from the start to the end; what neighbours do is part of the journeys.
 */
export const LANES = {
  processes: ['kill', 'kill at a point', 'restart with the next definition'],
  stopped: ['stop beyond the lease'],
  postgres: ['terminate backends', 'restart PostgreSQL at once', 'stall PostgreSQL connections', 'half-close PostgreSQL connections', 'lose PostgreSQL connections'],
  nats: ['kill NATS', 'stall NATS connections', 'half-close NATS connections', 'wipe the stream', 'roll the stream back'],
  redis: ['flush Redis', 'kill Redis', 'go without Redis'],
  messages: ['send poison', 'let time pass'],
} as const;

export type Lane = keyof typeof LANES;
export type FaultName = (typeof LANES)[Lane][number];
export const LANE_NAMES = Object.keys(LANES) as Lane[];
export const FAULT_NAMES: readonly FaultName[] = LANE_NAMES.flatMap((lane) => LANES[lane]);
/** A stop lasts longer than a lease, and a whole seed may not wait for each of them. */
export const BACKGROUND: readonly Lane[] = ['stopped'];
