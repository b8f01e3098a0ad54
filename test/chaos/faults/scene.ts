import type { PlannedFault } from '../plan/plan';
import type { ChaosWorld } from '../world/chaos-world';
import { waitFor } from '../../support/wait';
import type { ControlledReplica, Proxies } from '../world/controlled-replica';
import type { TcpProxy } from '../world/tcp-proxy';

/** What a fault acts on. */
export interface Scene {
  readonly world: ChaosWorld;
  /** The orders that were placed so far, the last one last. */
  readonly placed: readonly { readonly orderId: string }[];
  /** The fault waits for the load to walk into it: the load may go on by as much again. */
  armed(planned: PlannedFault): void;
}

/** Injects one fault and takes it back. Resolves to how much of it took effect: 0, it did not. */
export type Fault = (scene: Scene, planned: PlannedFault) => Promise<number>;

/** The planned replica, or the next one to which nothing is being done. */
export function victimOf({ world: { controlled } }: Scene, { replica }: PlannedFault): ControlledReplica {
  const inTurn = controlled.map((_, index) => controlled[(replica + index) % controlled.length]!);
  return inTurn.find((candidate) => !candidate.busy) ?? inTurn[0]!;
}

/** The proxy of the planned replica, once there is something to break. */
export async function connected(scene: Scene, planned: PlannedFault, to: keyof Proxies): Promise<TcpProxy> {
  return waitFor(() => {
    const proxy = victimOf(scene, planned).proxies[to];
    return proxy.connections > 0 && proxy;
  }, { withinMs: 240_000, what: `a connection to ${to}` });
}

/** How long a fault is held: an amount of misfortune, not a wait for something. */
export function hold(ms: number): Promise<void> {
  return new Promise((resume) => setTimeout(resume, ms));
}
