import { connect } from 'nats';
import type { JetStreamManager, NatsConnection } from 'nats';
import { startWorld } from '../../support/world';
import type { World } from '../../support/world';
import { instantOf } from '../plan/calendar';
import type { Day } from '../plan/calendar';

/** A world whose clock is set, and which can be asked whether anything is still going on. */
export interface YearWorld extends World {
  /** Business time becomes that hour of the day, for everybody at once. */
  setClock(day: Day, hour: number): Promise<void>;
  readonly streams: JetStreamManager;
}

/** Two replicas with production's schedules; they look often, because a day is to be over soon. */
const LOOK_OFTEN = { RENEWAL_POLL_MS: '100', SAGA_POLL_MS: '50', PAYOUT_POLL_MS: '200', LICENSE_POLL_MS: '500', LOG_LEVEL: 'warn' };
const SET_CLOCK = 'update marketplace.clock_offset set ms = $1::bigint - (extract(epoch from clock_timestamp()) * 1000)::bigint';

export async function startYearWorld(): Promise<YearWorld> {
  const world = await startWorld({ replicas: 2, gateway: false, env: LOOK_OFTEN });
  let connection: NatsConnection | undefined;
  const stop = async (): Promise<void> => {
    await connection?.close();
    await world.stop();
  };
  try {
    connection = await connect({ servers: world.nats.url });
    await world.sandbox.behaviour(undefined, { settleAfterMs: 0 });
    const setClock = async (day: Day, hour: number) => void (await world.sql(SET_CLOCK, [instantOf(day, hour)]));
    return { ...world, setClock, streams: await connection.jetstreamManager(), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
