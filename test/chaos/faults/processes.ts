import { waitFor } from '../../support/wait';
import type { ControlledReplica } from '../world/controlled-replica';
import { hold, victimOf, type Fault } from './scene';

/** Longer than a saga's lease (30 s) and than a statement may wait for what the stopped replica has locked. */
const BEYOND_THE_LEASE_MS = 32_000;
/** From its start; what the load does not bring by in time is not waited for. */
const POINT_WITHIN_MS = 30_000;

/** kill -9, and it is started again. */
export const kill: Fault = async (scene, planned) => {
  const victim = victimOf(scene, planned);
  return victim.exclusively(async () => {
    const died = await victim.kill();
    await victim.launch();
    await victim.untilReady();
    return Number(died);
  });
};

/** Dies exactly there, before or after a commit or an outside effect. 0 where nobody came by in time. */
export const killAtPoint: Fault = async (scene, planned) => {
  const victim = victimOf(scene, planned);
  return victim.exclusively(async () => {
    await victim.launch({ once: { FAULT_KILL_AT: `${planned.point}#${planned.pass}` }, doomed: true });
    await victim.untilReady();
    scene.armed(planned);
    const died = await waitFor(() => !victim.replica.running, { withinMs: POINT_WITHIN_MS, what: planned.point }).catch(() => false);
    await victim.launch();
    await victim.untilReady();
    return Number(died);
  });
};

/** Hangs at a point (or where it is, if nobody comes by), loses its leases, and goes on as if nothing had been. */
export const stopBeyondTheLease: Fault = async (scene, planned) => {
  const victim = victimOf(scene, planned);
  return victim.exclusively(async () => {
    await victim.launch({ once: { FAULT_STOP_AT: `${planned.point}#${planned.pass}` } });
    await waitFor(() => victim.held, { withinMs: POINT_WITHIN_MS, what: planned.point }).catch(() => { victim.signal('SIGSTOP'); });
    const held = await waitFor(() => victim.held, { withinMs: 2_000, what: 'the replica is stopped' }).catch(() => false);
    await hold(BEYOND_THE_LEASE_MS);
    const heldAllTheTime = held && victim.held;
    victim.signal('SIGCONT');
    victim.keepAwake();
    return Number(heldAllTheTime);
  });
};

/** A deployment: it drains, and comes back as the next release, which begins new purchases with version 2 of the saga. */
export const restartWithNextDefinition: Fault = async (scene, planned) => {
  const victim = scene.world.controlled.find((candidate) => !candidate.runsNextDefinition && !candidate.busy) ?? victimOf(scene, planned);
  return victim.exclusively(() => deploy(victim));
};

export async function deploy(victim: ControlledReplica): Promise<number> {
  const drained = await victim.drain();
  await victim.launch({ lasting: { CHAOS_NEXT_DEFINITION: '1' } });
  await victim.untilReady();
  return Number(drained);
}
