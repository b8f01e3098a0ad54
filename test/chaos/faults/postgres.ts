import { waitFor } from '../../support/wait';
import { connected, hold, type Fault } from './scene';

export const terminateBackends: Fault = async ({ world }) => {
  const [row] = await world.sql<{ cut: number }>(`select count(pg_terminate_backend(pid))::int as cut from pg_stat_activity where application_name in ('marketplace_api', 'marketplace_worker')`);
  return row?.cut ?? 0;
};

/** As a crash: no checkpoint, nobody is told, recovery from the log. */
export const restartPostgres: Fault = async ({ world }) => {
  const startedAt = () => world.sql<{ at: Date }>('select pg_postmaster_start_time() as at').then(([row]) => row?.at.getTime() ?? 0);
  const before = await startedAt();
  await world.postgres.crash();
  const after = await waitFor(startedAt, { withinMs: 120_000, what: 'PostgreSQL answers again' });
  return Number(after > before);
};

/** Half-open: nothing passes for a while, in neither direction, then all of it does. */
export const stallPostgres: Fault = async (scene, planned) => {
  const postgres = await connected(scene, planned, 'postgres');
  const stalled = postgres.stall();
  await hold(planned.holdMs);
  postgres.resume();
  return stalled;
};

export const halfClosePostgres: Fault = async (scene, planned) => (await connected(scene, planned, 'postgres')).halfClose();

/** Half-open for good: the other end has forgotten the connections, and nobody says so. */
export const losePostgres: Fault = async (scene, planned) => (await connected(scene, planned, 'postgres')).lose();
