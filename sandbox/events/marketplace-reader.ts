import type { JsMsg } from 'nats';
import type { Neighbour } from '../neighbour';
import { messageOf } from '../process/program';
import type { EventEnvelope } from './event-envelope';
import type { EventSchemas } from './event-schemas';
import type { EventWitness } from './event-witness';
import { inTraceOf } from './trace-context';
import type { Violations } from './violations';

/** Checks each of the marketplace's events against its contract, then shows it to the neighbours. */
export function marketplaceReader(
  schemas: EventSchemas,
  violations: Violations,
  witness: EventWitness,
  neighbours: readonly Neighbour[],
): (message: JsMsg) => void {
  return (message) => {
    const event = eventIn(message);
    const faults = event === undefined ? ['is not JSON'] : [...schemas.faultsOf(event), ...addressFaults(event, message)];
    if (event === undefined || faults.length > 0) {
      violations.report({ direction: 'received', type: message.subject, eventId: event?.id ?? '?', faults });
      return;
    }
    const disorder = witness.witness(event, message.info.timestampNanos);
    if (disorder.length > 0) {
      violations.report({ direction: 'received', type: event.type, eventId: event.id, faults: disorder });
    }
    for (const neighbour of neighbours) show(neighbour, event);
  };
}

function eventIn(message: JsMsg): EventEnvelope | undefined {
  try {
    return message.json<EventEnvelope>();
  } catch {
    return undefined;
  }
}

function addressFaults(event: EventEnvelope, message: JsMsg): string[] {
  return event.type === message.subject ? [] : [`type ${event.type} on subject ${message.subject}`];
}

function show(neighbour: Neighbour, event: EventEnvelope): void {
  try {
    inTraceOf(event.traceparent, () => neighbour.onMarketplaceEvent?.(event));
  } catch (error) {
    console.error(`sandbox: ${neighbour.prefix} failed on ${event.type} ${event.id}: ${messageOf(error)}`);
  }
}
