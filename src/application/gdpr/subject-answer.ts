import type { SubjectRequest } from '../../domain/gdpr/subject-request';
import type { EventDataByType, SubjectRecord } from '../events/event-data.generated';
import type { NewEvent } from '../events/event-envelope';
import type { SubjectOutcome } from '../ports/subject-requests';

type Answer = EventDataByType['marketplace.gdpr.subject_request.completed.v1'];

/** Rows of an export in one event: half of what a list may hold, since a thousand wide rows would not fit a message. */
export const RECORDS_PER_EVENT = 500;

export function subjectErased(request: SubjectRequest, outcome: SubjectOutcome, completedAt: Date): NewEvent {
  return answer(request, { ...outcome, completedAt: completedAt.toISOString() });
}

/** In as many events as the rows need; none about a stranger, which is an answer too. */
export function subjectExported(request: SubjectRequest, records: readonly SubjectRecord[], completedAt: Date): NewEvent[] {
  const parts = Math.max(1, Math.ceil(records.length / RECORDS_PER_EVENT));
  return Array.from({ length: parts }, (_, index) => answer(request, {
    ordersAnonymised: 0, seatsReleased: 0, completedAt: completedAt.toISOString(),
    export: { part: index + 1, parts, records: records.slice(index * RECORDS_PER_EVENT, (index + 1) * RECORDS_PER_EVENT) },
  }));
}

function answer({ id, requestId, subjectId, kind, tenantId, causationId }: SubjectRequest, rest: Omit<Answer, 'requestId' | 'subjectId' | 'kind'>): NewEvent {
  return { type: 'marketplace.gdpr.subject_request.completed.v1', subject: id, tenantId, causationId, data: { requestId, subjectId, kind, ...rest } };
}
