import { BACKGROUND, LANE_NAMES, type Lane } from '../plan/fault-names';
import type { Plan, PlannedFault } from '../plan/plan';
import { waitFor } from '../../support/wait';
import { FAULTS } from './index';
import type { Scene } from './scene';

export interface Injection {
  readonly planned: PlannedFault;
  /** How much of it took effect. */
  readonly effect: number;
  readonly startedAt: Date;
  readonly tookMs: number;
}

/** Orders that may be placed while a fault that is due is still under way. */
const AHEAD = 12;

/** Carries the plan's faults out: each lane in its order, each fault when enough orders have been placed. */
export class Schedule {
  readonly injections: Injection[] = [];
  #progress = 0;
  #over = false;
  readonly #done = new Set<PlannedFault>();
  /** How far the load was when a fault began to wait for it. */
  readonly #armed = new Map<PlannedFault, number>();
  private readonly scene: Scene;

  constructor(
    private readonly plan: Plan,
    scene: Omit<Scene, 'armed'>,
    private readonly say: (line: string) => void,
  ) {
    this.scene = { ...scene, armed: (planned) => void this.#armed.set(planned, this.#progress) };
  }

  /** An order has been placed, or was refused for good. */
  advance(): void {
    this.#progress += 1;
  }

  /** Waits until the order with this index may be placed: load and faults keep step. */
  async permits(index: number): Promise<void> {
    await waitFor(() => this.#over || this.plan.faults.every((fault) => index < this.reachOf(fault)), { withinMs: 600_000, what: `the faults before order ${index}` });
  }

  /** How many orders may be placed before the fault is over. */
  private reachOf(fault: PlannedFault): number {
    if (BACKGROUND.includes(fault.lane) || this.#done.has(fault)) return Infinity;
    return Math.max(fault.at, this.#armed.get(fault) ?? 0) + AHEAD;
  }

  /** Resolves when every fault has been injected and taken back. */
  async run(): Promise<void> {
    await Promise.all(LANE_NAMES.map((lane) => this.runLane(lane)));
  }

  /** Nothing more is injected, for example because the run has failed. */
  end(): void {
    this.#over = true;
  }

  private async runLane(lane: Lane): Promise<void> {
    for (const planned of this.plan.faults.filter((fault) => fault.lane === lane)) {
      await waitFor(() => this.#over || this.#progress >= planned.at, { withinMs: 600_000, what: `order ${planned.at}` });
      if (this.#over) return;
      const startedAt = new Date();
      const from = performance.now();
      const effect = await FAULTS[planned.name](this.scene, planned);
      const tookMs = Math.round(performance.now() - from);
      this.injections.push({ planned, effect, startedAt, tookMs });
      this.#done.add(planned);
      this.say(`${this.#progress} orders: ${planned.name}${/at a point|lease/.test(planned.name) ? ` (${planned.point})` : ''}: ${effect} in ${tookMs} ms`);
    }
  }
}
