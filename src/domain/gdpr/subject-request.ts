import type { TenantId, UserId } from '../ids';

export type SubjectRequestKind = 'erasure' | 'access';

/** A person asks to be forgotten, or for what is stored about them. */
export interface SubjectRequest {
  /** Ours; the one of whoever passed it on is `requestId`. */
  readonly id: string;
  readonly requestId: string;
  readonly kind: SubjectRequestKind;
  readonly subjectId: UserId;
  readonly tenantId: TenantId;
  readonly correlationId: string;
  /** The event that brought it. */
  readonly causationId: string;
  readonly receivedAt: Date;
}

/** A request has to be answered within a month (Art. 12 (3) GDPR); thirty days is the shortest that a month is counted as. */
const LEGAL_DAYS = 30;
const DAY_MS = 24 * 60 * 60 * 1_000;

export function legalDeadline(receivedAt: Date): Date {
  return new Date(receivedAt.getTime() + LEGAL_DAYS * DAY_MS);
}
