import { waitFor } from '../../support/wait';
import { hold, victimOf, type Fault } from './scene';

/** Where nobody listens. */
const NOWHERE = 'redis://127.0.0.1:1';

/** Everything remembered is forgotten. */
export const flushRedis: Fault = ({ world }) =>
  waitFor(() => world.redis.flush(), { withinMs: 5_000, what: 'something in Redis' }).catch(() => 0);

export const killRedis: Fault = async ({ world }, { holdMs }) => {
  await world.redis.kill();
  const gone = await world.redis.flush().then(() => 0, () => 1);
  await hold(holdMs);
  await world.redis.restart();
  return gone;
};

/** A replica that never finds one, until it is started again. */
export const goWithoutRedis: Fault = async (scene, planned) => {
  const victim = victimOf(scene, planned);
  return victim.exclusively(async () => {
    await victim.launch({ once: { REDIS_URL: NOWHERE } });
    await victim.untilReady();
    return Number(victim.replica.logTail(200).includes('"available":false'));
  });
};
