import type { SagaId, TenantId, UserId } from '../../domain/ids';
import { correlated } from '../correlation';
import type { Logger } from '../ports/logger';
import type { Outbox } from '../ports/outbox';
import type { Lease, RecordedTransition, SagaStore } from '../ports/saga-store';
import type { Tx } from '../ports/unit-of-work';
import type { Input, SagaDefinition, SagaProtocol } from './definition';
import type { SagaHost } from './host';
import type { SagaInstance } from './instance';
import { Interpreter } from './interpreter';
import type { Ignored, Transition } from './interpreter';
import type { OperationAnswer, SagaOperation, SagaStanding } from './operation';

/** Longer than a call may take, so that only a replica that died or stalls loses its lease. */
const LEASE_MS = 30_000;

export interface Delivery<P extends SagaProtocol> {
  readonly correlationId: string;
  readonly input: Input<P>;
}

/** The effects of a step cannot be stored, and trying again would not mend it: deliver again, naming the step as failing. */
export class EffectsNotStored extends Error {
  constructor(readonly step: string, cause: unknown) {
    super(cause instanceof Error ? cause.message : String(cause), { cause });
    this.name = 'EffectsNotStored';
  }
}
/** The saga was begun by a newer replica: its inputs are for one of those. */
export class UnknownDefinition extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnknownDefinition';
  }
}
export interface StorageFailure {
  readonly step: string;
  readonly error: string;
}

export interface AdvanceOptions {
  /** The step whose effects could not be stored when this was tried before. */
  readonly failing?: StorageFailure | undefined;
  /** Who asked for it, where a person did. */
  readonly actorId?: UserId;
}

export interface EngineParts<P extends SagaProtocol> {
  /** Every version that has sagas under way, oldest first: they keep theirs, new ones begin with the last. */
  readonly definitions: readonly [...SagaDefinition<P>[], SagaDefinition<P>];
  readonly host: SagaHost<P>;
  readonly store: SagaStore<P>;
  readonly outbox: Outbox;
  readonly logger: Logger;
  /** Whether storing failed for good (a constraint, a bug) and not for now (the connection, a deadlock). */
  readonly isLasting: (error: unknown) => boolean;
  /** Called after a commit that armed a call, with the lease to make it under. */
  readonly onCallArmed: (saga: SagaInstance<P>, lease: Lease) => void;
}

/** Stores what the pure interpreter decides: saga, transitions, effects and events in the caller's transaction. */
export class SagaEngine<P extends SagaProtocol> {
  readonly name: string;
  private readonly newest: Interpreter<P>;
  private readonly interpreters: ReadonlyMap<number, Interpreter<P>>;

  constructor(private readonly parts: EngineParts<P>) {
    const interpreters = parts.definitions.map((definition) => new Interpreter(definition));
    this.interpreters = new Map(interpreters.map((interpreter) => [interpreter.definition.version, interpreter]));
    this.newest = interpreters.at(-1) as Interpreter<P>;
    this.name = this.newest.definition.name;
  }

  /** Definitions that this replica knows; sagas of others are left to replicas that know theirs. */
  get versions(): readonly number[] {
    return [...this.interpreters.keys()];
  }

  /** Starts a saga in the transaction; its first call, if any, is made right after the commit. */
  async start(tx: Tx, { actorId = null, ...seed }: { readonly correlationId: string; readonly tenantId: TenantId; readonly buyerId: UserId | null; readonly data: P['data']; readonly actorId?: UserId | null }): Promise<void> {
    const id = tx.ids.next<SagaId>();
    const transition = this.newest.start({ ...seed, id }, clockworkOf(tx));
    const { saga } = transition;
    const lease = this.leaseFor(tx, saga);
    const first = this.newest.definition.steps[0]?.name ?? '';
    const recorded = { version: saga.version, fromState: 'RUNNING', fromStep: first, toState: saga.state, toStep: saga.step, cause: transition.cause, actorId } as const;
    const events = await this.applyEffects(tx, saga, [transition]);
    await this.parts.store.insert(tx, saga, recorded, lease);
    await this.parts.outbox.append(tx, events, this.chainOf(saga));
  }

  /** Tells sagas what happened, in order; each is stored once, however much it was told. */
  async deliver(tx: Tx, deliveries: readonly Delivery<P>[], options: AdvanceOptions = {}): Promise<void> {
    if (deliveries.length > 0) await this.deliverTo(tx, await this.lock(tx, ...new Set(deliveries.map(({ correlationId }) => correlationId))), deliveries, options);
  }

  /** As `deliver`, to sagas that the transaction has locked and not advanced since. */
  async deliverTo(tx: Tx, sagas: readonly SagaInstance<P>[], deliveries: readonly Delivery<P>[], options: AdvanceOptions = {}): Promise<void> {
    const ids = [...new Set(deliveries.map((delivery) => delivery.correlationId))];
    for (const id of ids) if (!sagas.some((saga) => saga.correlationId === id)) this.parts.logger.info({ correlationId: id, saga: this.name }, 'told about something that is none of ours: ignored');
    for (const saga of sagas) {
      const inputs = deliveries.filter((delivery) => delivery.correlationId === saga.correlationId).map((delivery) => delivery.input);
      await correlated(saga.correlationId, () => this.advance(tx, saga, inputs, options));
    }
  }

  /** Locks the sagas about these things; sagas come first in the order of locks. */
  async lock(tx: Tx, ...correlationIds: readonly string[]): Promise<SagaInstance<P>[]> {
    return this.parts.store.lockByCorrelation(tx, this.name, correlationIds);
  }

  /** Advances one locked saga by its inputs. Nothing is stored when all of them are ignored. */
  async advance(tx: Tx, before: SagaInstance<P>, inputs: readonly Input<P>[], options: AdvanceOptions = {}): Promise<void> {
    let saga = before;
    const transitions: Transition<P>[] = [];
    const recorded: RecordedTransition[] = [];
    for (const input of inputs) {
      const outcome = this.interpreterOf(saga).handle(saga, input, clockworkOf(tx), options.failing);
      if (outcome.kind === 'ignored') this.logIgnored(saga, input, outcome);
      else {
        recorded.push(record(saga, outcome, options.actorId ?? null));
        transitions.push(outcome);
        saga = outcome.saga;
      }
    }
    await this.store(tx, saga, transitions, recorded);
  }

  /** What an operator asks for (null: the service itself, where the law does), on the saga about this thing. Whatever else reaches the saga is before or after it: it is locked. */
  async operate(tx: Tx, correlationId: string, operation: SagaOperation, actorId: UserId | null): Promise<OperationAnswer> {
    const [before] = await this.lock(tx, correlationId);
    if (!before) return { kind: 'absent' };
    const outcome = this.interpreterOf(before).operate(before, operation, clockworkOf(tx));
    if (outcome.kind === 'ignored') return { kind: 'refused', state: before.state, because: outcome.because };
    await this.store(tx, outcome.saga, [outcome], [record(before, outcome, actorId)]);
    return { kind: 'done', before: standingOf(before), after: standingOf(outcome.saga) };
  }

  /** Nobody answered the call that this saga has armed. */
  async callUnanswered(tx: Tx, before: SagaInstance<P>, error: string): Promise<void> {
    const transition = this.interpreterOf(before).callUnanswered(before, error, clockworkOf(tx));
    await this.store(tx, transition.saga, [transition], [record(before, transition, null)]);
  }

  private async store(tx: Tx, saga: SagaInstance<P>, transitions: readonly Transition<P>[], recorded: readonly RecordedTransition[]): Promise<void> {
    if (transitions.length === 0) return;
    const events = await this.applyEffects(tx, saga, transitions);
    await this.parts.store.save(tx, saga, recorded, this.leaseFor(tx, saga));
    await this.parts.outbox.append(tx, events, this.chainOf(saga));
  }

  private chainOf(saga: SagaInstance<P>): string {
    return this.parts.host.chainOf?.(saga) ?? saga.correlationId;
  }

  private async applyEffects(tx: Tx, saga: SagaInstance<P>, transitions: readonly Transition<P>[]) {
    try {
      return await this.parts.host.apply(tx, saga, transitions.flatMap((transition) => transition.effects));
    } catch (error) {
      const reached = new Set(transitions.flatMap((transition) => transition.reached));
      const step = this.interpreterOf(saga).definition.steps.find((candidate) => candidate.onStorageFailure !== undefined && reached.has(candidate.name));
      if (step && this.parts.isLasting(error)) throw new EffectsNotStored(step.name, error);
      throw error;
    }
  }

  /** This replica makes a call at once; one that has to wait is left to whoever finds it due. */
  private leaseFor(tx: Tx, saga: SagaInstance<P>): Lease | null {
    if (!saga.call || saga.callDelayMs > 0) return null;
    const lease = { token: tx.ids.next(), durationMs: LEASE_MS };
    tx.afterCommit(() => this.parts.onCallArmed(saga, lease));
    return lease;
  }

  private interpreterOf({ definitionVersion }: SagaInstance<P>): Interpreter<P> {
    const interpreter = this.interpreters.get(definitionVersion);
    if (!interpreter) throw new UnknownDefinition(`${this.name} version ${definitionVersion} is not known to this replica`);
    return interpreter;
  }

  private logIgnored(saga: SagaInstance<P>, input: Input<P>, { because }: Ignored): void {
    this.parts.logger.info({ sagaId: saga.id, step: saga.step, state: saga.state, input: input.name, because }, 'saga input ignored');
  }
}

function clockworkOf(tx: Tx) {
  return { now: tx.now, newId: () => tx.ids.next() };
}

function record<P extends SagaProtocol>(before: SagaInstance<P>, { saga, cause }: Transition<P>, actorId: UserId | null): RecordedTransition {
  return { version: saga.version, fromState: before.state, fromStep: before.step, toState: saga.state, toStep: saga.step, cause, actorId };
}

function standingOf({ state, step, version, lastError }: SagaStanding): SagaStanding {
  return { state, step, version, lastError };
}
