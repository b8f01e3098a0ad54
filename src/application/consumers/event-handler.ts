import type { ConsumedEventType, EventDataByType } from '../events/event-data.generated';
import type { EventEnvelope } from '../events/event-envelope';
import type { Tx } from '../ports/unit-of-work';
import type { StorageFailure } from '../saga/engine';

/** Takes in events of one type, all in the caller's transaction, each for the first time. `failing`: see `EffectsNotStored`. */
export type EventHandler<T extends ConsumedEventType> = (tx: Tx, events: readonly EventEnvelope<T>[], failing?: StorageFailure) => Promise<void>;

export type EventHandlers = { readonly [T in keyof EventDataByType & ConsumedEventType]?: EventHandler<T> };
