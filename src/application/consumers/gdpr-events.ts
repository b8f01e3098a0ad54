import { parseId } from '../../domain/ids';
import type { TenantId, UserId } from '../../domain/ids';
import type { SubjectRequestStore } from '../ports/subject-requests';
import type { EventHandlers } from './event-handler';

export interface GdprEventParts {
  readonly requests: SubjectRequestStore;
}

/** A request is only noted here: an erasure may have to wait for orders that are open, and its events must not wait with it. */
export function gdprEventHandlers({ requests }: GdprEventParts): EventHandlers {
  return {
    'gdpr.subject_request.received.v1': async (tx, events) => {
      for (const { id: causationId, tenantid, correlationid, data: { requestId, subjectId, kind } } of events) {
        const id = tx.ids.next();
        await requests.add(tx, {
          id, requestId, kind, subjectId: subjectId as UserId, tenantId: tenantid as TenantId, causationId, receivedAt: tx.now,
          correlationId: parseId<string>(correlationid ?? '') ?? id,
        });
      }
    },
  };
}
