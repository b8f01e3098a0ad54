import { WORKER } from '../actor';
import { correlated } from '../correlation';
import { inSpan } from '../tracing';
import type { Logger } from '../ports/logger';
import type { Lease, SagaStore } from '../ports/saga-store';
import type { CommitName, Tx, UnitOfWork } from '../ports/unit-of-work';
import type { Input, SagaProtocol } from './definition';
import { EffectsNotStored } from './engine';
import type { SagaEngine, StorageFailure } from './engine';
import { Unanswered } from './host';
import type { CallAnswer, SagaHost } from './host';
import { earliestTimer } from './instance';
import { UnlistedInput } from './interpreter';
import type { SagaInstance } from './instance';

export interface RunnerParts<P extends SagaProtocol> {
  readonly engine: SagaEngine<P>;
  readonly host: SagaHost<P>;
  readonly store: SagaStore<P>;
  readonly unitOfWork: UnitOfWork;
  readonly logger: Logger;
  /** Whether storing failed for good (a constraint, a bug) and not for now (the connection, a deadlock). */
  readonly isLasting: (error: unknown) => boolean;
  /** How often due timers and calls are looked for, in milliseconds. */
  readonly pollMs: number;
  /** Calls under way at once, at most. */
  readonly concurrency: number;
}

const CLAIM_LEASE_MS = 30_000;

/**
 * Makes armed calls and wakes due sagas. The happy path never waits for the poll: a call is made right after the
 * commit that armed it. The poll finds what waits for its time, and what a dead replica left behind.
 */
export class SagaRunner<P extends SagaProtocol> {
  private readonly underWay = new Set<Promise<void>>();
  private readonly waiting: (() => void)[] = [];
  private calling = 0;
  private timer: NodeJS.Timeout | null = null;
  private looking = true;
  private stopped = false;

  constructor(private readonly parts: RunnerParts<P>) {}

  /** Begins to look for due sagas; armed calls are made with or without it. */
  start(): void {
    this.schedule(0);
  }

  /** Claims nothing more; what commits arm is still called. */
  stopLooking(): void {
    this.looking = false;
    if (this.timer) clearTimeout(this.timer);
  }

  /** Takes nothing new, lets what is under way finish, hands back what waits for its turn. */
  async stop(): Promise<void> {
    this.stopLooking();
    this.stopped = true;
    while (this.underWay.size > 0) await Promise.allSettled(this.underWay);
  }

  /** How many more calls could be under way. */
  get room(): number {
    return this.parts.concurrency - this.underWay.size;
  }

  /** Makes the saga's armed call under the lease; never throws. A runner that is stopping hands the lease back, to the next one that looks. */
  perform(saga: SagaInstance<P>, lease: Lease): void {
    this.track(() => correlated(saga.correlationId, () => this.callInTurn(saga, lease)));
  }

  private async callInTurn(saga: SagaInstance<P>, lease: Lease): Promise<void> {
    await this.acquire();
    try {
      if (this.stopped) await this.handBack(saga, lease);
      else await this.makeCall(saga, lease);
    } finally {
      this.release();
    }
  }

  private schedule(delayMs: number): void {
    if (!this.looking) return;
    this.timer = setTimeout(() => this.track(() => this.poll()), delayMs);
  }

  private async poll(): Promise<void> {
    let found = 0;
    try {
      found = await this.claim();
    } catch (error) {
      this.parts.logger.warn({ err: error }, 'looking for due sagas failed');
    } finally {
      this.schedule(found > 0 ? 0 : this.parts.pollMs);
    }
  }

  private async claim(): Promise<number> {
    const { store, unitOfWork, engine } = this.parts;
    const free = this.parts.concurrency - this.underWay.size;
    if (free <= 0) return 0;
    const claimed = await unitOfWork.run(WORKER, async (tx) => {
      const lease: Lease = { token: tx.ids.next(), durationMs: CLAIM_LEASE_MS };
      const sagas = await store.claimDue(tx, engine.name, engine.versions, lease, free);
      return sagas.map((saga) => ({ saga, lease, now: tx.now }));
    }, { commit: 'saga.claim' });
    for (const { saga, lease, now } of claimed) {
      const timer = earliestTimer(saga.timers);
      const work = timer && timer.at <= now
        ? () => this.settle(saga, lease, { name: `timer.${timer.name}`, payload: {} } as Input<P>)
        : () => this.callInTurn(saga, lease);
      this.track(() => this.goOn(saga, work));
    }
    return claimed.length;
  }

  /** Found due, by whichever replica: part of the trace that began the saga, whoever had it until now. */
  private goOn({ name, id, correlationId, traceparent }: SagaInstance<P>, work: () => Promise<void>): Promise<void> {
    const facts = { 'marketplace.correlation_id': correlationId, 'marketplace.saga_id': id };
    return correlated(correlationId, () => inSpan(`due ${name}`, { parent: traceparent, facts }, work));
  }

  private async handBack(saga: SagaInstance<P>, lease: Lease): Promise<void> {
    await this.parts.unitOfWork.run(WORKER, (tx) => this.parts.store.handBack(tx, saga.id, lease.token), { commit: 'saga.claim' });
  }

  private async makeCall(saga: SagaInstance<P>, lease: Lease): Promise<void> {
    const { call } = saga;
    if (!call) return;
    try {
      const answer = await inSpan(`call ${call.name}`, { kind: 'client', facts: { 'marketplace.correlation_id': saga.correlationId, 'marketplace.saga_id': saga.id } }, () => this.parts.host.call(saga, call));
      await this.settle(saga, lease, inputFrom<P>(call.name, answer));
    } catch (error) {
      if (!(error instanceof Unanswered)) throw error;
      this.parts.logger.warn({ sagaId: saga.id, call: call.name, err: error }, 'call was not answered');
      await this.leased(saga, lease, 'saga.reply', (tx, locked) => this.parts.engine.callUnanswered(tx, locked, error.message));
    }
  }

  /** Takes the input in, under the lease; effects that cannot be stored count as the failure of their step. */
  private async settle(saga: SagaInstance<P>, lease: Lease, input: Input<P>): Promise<void> {
    const commit = input.name.startsWith('timer.') ? 'saga.timer' : 'saga.reply';
    const advance = (failing?: StorageFailure) => this.leased(saga, lease, commit, (tx, locked) => this.parts.engine.advance(tx, locked, [input], { failing }));
    try {
      await advance();
    } catch (error) {
      if (error instanceof EffectsNotStored) await advance({ step: error.step, error: error.message });
      else if (saga.state === 'COMPENSATING' && (error instanceof UnlistedInput || this.parts.isLasting(error))) await this.countTry(saga, lease, error);
      else throw error;
    }
  }

  /** What cannot be stored while something is taken back is a try that failed: after the last one the saga is STUCK, not silent. */
  private async countTry(saga: SagaInstance<P>, lease: Lease, error: unknown): Promise<void> {
    this.parts.logger.error({ sagaId: saga.id, err: error }, 'an answer could not be stored');
    await this.leased(saga, lease, 'saga.reply', (tx, locked) => this.parts.engine.callUnanswered(tx, locked, error instanceof Error ? error.message : String(error)));
  }

  private async leased(saga: SagaInstance<P>, lease: Lease, commit: CommitName, work: (tx: Tx, locked: SagaInstance<P>) => Promise<void>): Promise<void> {
    await this.parts.unitOfWork.run(WORKER, async (tx) => {
      const locked = await this.parts.store.lockLeased(tx, saga.id, lease.token);
      if (locked) await work(tx, locked);
      else this.parts.logger.info({ sagaId: saga.id }, 'a late result was refused: the saga has moved on');
    }, { commit });
  }

  private async acquire(): Promise<void> {
    if (this.calling < this.parts.concurrency) this.calling += 1;
    else await new Promise<void>((resolve) => this.waiting.push(resolve));
  }

  private release(): void {
    const next = this.waiting.shift();
    if (next) next();
    else this.calling -= 1;
  }

  private track(work: () => Promise<void>): void {
    const done: Promise<void> = work()
      .catch((error: unknown) => this.parts.logger.error({ err: error }, 'saga work failed; it is found again when its lease ends'))
      .finally(() => this.underWay.delete(done));
    this.underWay.add(done);
  }
}

function inputFrom<P extends SagaProtocol>(call: string, answer: CallAnswer): Input<P> {
  return (answer.kind === 'replied' ? { name: `${call}.replied`, payload: answer.reply } : { name: `${call}.refused`, payload: answer.refusal }) as Input<P>;
}
