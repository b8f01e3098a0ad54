import { withoutCardNumbers } from '../../domain/card-number';
import { WORKER } from '../actor';
import { correlated } from '../correlation';
import type { ConsumedEventType } from '../events/event-data.generated';
import type { DecodedEvent } from '../events/event-codec';
import type { AnyEventEnvelope } from '../events/event-envelope';
import type { Inbox } from '../ports/inbox';
import { commonTraceparent, inSpan } from '../tracing';
import type { Logger } from '../ports/logger';
import type { CommitName, Tx, UnitOfWork } from '../ports/unit-of-work';
import { EffectsNotStored, UnknownDefinition } from '../saga/engine';
import type { StorageFailure } from '../saga/engine';
import type { EventHandler, EventHandlers } from './event-handler';

/** Tries of one event before it becomes a dead letter. A database that is down is not a try. */
const MAX_TRIES = 8;

/** A message as its stream delivers it. */
export interface Message {
  readonly subject: string;
  readonly streamSequence: number;
  readonly deliveries: number;
  readonly decoded: DecodedEvent;
}

/** What the stream is to do with a message, once everything about it is committed. */
export type Verdict = { readonly kind: 'ack' } | { readonly kind: 'bury' } | { readonly kind: 'retry'; readonly delayMs: number };

const ACK: Verdict = { kind: 'ack' };
const BURY: Verdict = { kind: 'bury' };

export interface IntakeParts {
  readonly consumer: string;
  /** Which commits are its own. */
  readonly commit: CommitName;
  readonly handlers: EventHandlers;
  readonly unitOfWork: UnitOfWork;
  readonly inbox: Inbox;
  readonly logger: Logger;
  /** Whether trying again could mend it without anything changing here: the database is away. */
  readonly isOutage: (error: unknown) => boolean;
}

/**
 * Takes batches of messages in: inbox rows and effects in one transaction, each event once. When a batch fails, its
 * messages are tried one by one, so that one of them cannot hold up the others.
 */
export class Intake {
  constructor(private readonly parts: IntakeParts) {}

  async take(messages: readonly Message[]): Promise<readonly Verdict[]> {
    const readable = messages.flatMap((message) => (message.decoded.ok ? [message.decoded.envelope] : []));
    try {
      if (readable.length > 0) await this.apply(readable);
      return await this.each(messages, async (message) => (message.decoded.ok ? ACK : this.bury(message, message.decoded.error)));
    } catch (error) {
      if (messages.length > 1) this.parts.logger.info({ err: error, consumer: this.parts.consumer, messages: messages.length }, 'a batch failed; its messages are tried one by one');
      return this.each(messages, (message) => this.takeOne(message));
    }
  }

  /** Once more, by an operator: the same way in as at first, so that what was taken in meanwhile is not taken in twice. `also` shares its transaction. */
  async replay(envelope: AnyEventEnvelope, also: (tx: Tx) => Promise<void>): Promise<void> {
    await this.applyOrFailStep(envelope, also);
  }

  private async takeOne(message: Message): Promise<Verdict> {
    const { decoded } = message;
    if (!decoded.ok) return this.bury(message, decoded.error);
    try {
      await this.applyOrFailStep(decoded.envelope);
      return ACK;
    } catch (error) {
      return this.failed(message, error);
    }
  }

  /** Effects that cannot be stored are the failure of their step: the saga hears of it instead. */
  private async applyOrFailStep(envelope: AnyEventEnvelope, also?: (tx: Tx) => Promise<void>): Promise<void> {
    try {
      await this.apply([envelope], undefined, also);
    } catch (error) {
      if (!(error instanceof EffectsNotStored)) throw error;
      await this.apply([envelope], { step: error.step, error: error.message }, also);
    }
  }

  private async apply(envelopes: readonly AnyEventEnvelope[], failing?: StorageFailure, also?: (tx: Tx) => Promise<void>): Promise<void> {
    const { unitOfWork, inbox, consumer, handlers, commit } = this.parts;
    const facts = { 'marketplace.events': envelopes.length };
    await inSpan(consumer, { kind: 'consumer', facts, parent: commonTraceparent(envelopes.map(({ traceparent }) => traceparent)) }, () => unitOfWork.run(WORKER, async (tx) => {
      const fresh = await inbox.takeIn(tx, consumer, uniqueById(envelopes));
      const ordered = uniqueById(envelopes).filter((envelope) => fresh.has(envelope.id));
      for (const run of runsOfOneType(ordered)) {
        const handler = handlers[run[0]?.type as ConsumedEventType] as EventHandler<ConsumedEventType> | undefined;
        await handler?.(tx, run as Parameters<EventHandler<ConsumedEventType>>[1], failing);
      }
      await also?.(tx);
    }, { commit, ahead: true }));
  }

  private async failed(message: Message, error: unknown): Promise<Verdict> {
    const { unitOfWork, inbox, consumer, logger, isOutage } = this.parts;
    if (isOutage(error) || error instanceof UnknownDefinition) return { kind: 'retry', delayMs: 1_000 };
    const text = error instanceof Error ? error.message : String(error);
    logger.warn({ err: error, consumer, subject: message.subject, streamSequence: message.streamSequence }, 'an event could not be taken in');
    const tries = await unitOfWork.run(WORKER, (tx) => inbox.countTry(tx, consumer, message.streamSequence, text), { commit: 'inbox.count-try' });
    return tries >= MAX_TRIES ? this.bury(message, text) : { kind: 'retry', delayMs: Math.min(30_000, 250 * 2 ** tries) };
  }

  private async bury(message: Message, error: string): Promise<Verdict> {
    const { unitOfWork, inbox, consumer, logger } = this.parts;
    const { subject, streamSequence, deliveries, decoded } = message;
    const eventId = decoded.ok ? decoded.envelope.id : (decoded.claimed.id ?? null);
    const payload = withoutCardNumbers(decoded.ok ? JSON.stringify(decoded.envelope) : decoded.raw);
    await unitOfWork.run(WORKER, (tx) => inbox.bury(tx, { consumer, streamSequence, subject, eventId, error: withoutCardNumbers(error), deliveries, payload }), { commit: 'inbox.bury' });
    logger.error({ consumer, subject, streamSequence, eventId, error }, 'an event became a dead letter');
    return BURY;
  }

  /** A verdict for each; what fails on the way to one (the database is away) is simply delivered again. */
  private async each(messages: readonly Message[], judge: (message: Message) => Promise<Verdict>): Promise<readonly Verdict[]> {
    const verdicts: Verdict[] = [];
    for (const message of messages) verdicts.push(await correlated(correlationOf(message), () => judge(message)).catch((): Verdict => ({ kind: 'retry', delayMs: 1_000 })));
    return verdicts;
  }
}

/** A claim by somebody else: good enough for a log. */
function correlationOf({ decoded }: Message): string | undefined {
  return decoded.ok ? decoded.envelope.correlationid : undefined;
}

function uniqueById(envelopes: readonly AnyEventEnvelope[]): AnyEventEnvelope[] {
  return [...new Map(envelopes.map((envelope) => [envelope.id, envelope])).values()];
}

/** Neighbouring events of one type together, so that a thousand of them are a few statements; the order stays. */
function runsOfOneType(envelopes: readonly AnyEventEnvelope[]): AnyEventEnvelope[][] {
  const runs: AnyEventEnvelope[][] = [];
  for (const envelope of envelopes) {
    const last = runs.at(-1);
    if (last?.[0]?.type === envelope.type) last.push(envelope);
    else runs.push([envelope]);
  }
  return runs;
}
