/** What the sandbox's neighbours may be told to do; the switches are described in the sandbox itself. */
export interface Behaviour {
  readonly payment?:
    | 'succeed' | 'decline' | 'decline_hard' | 'manual' | 'never' | 'succeed_late' | 'wrong_amount' | 'processing' | null;
  readonly cancel?: 'accept' | 'refuse' | null;
  readonly paymentHttp?: 'ok' | 'error500' | 'timeout_after_effect' | 'slow' | 'reject' | null;
  readonly refund?: 'succeed' | 'fail' | 'never' | null;
  readonly enrollment?: 'create' | 'reject' | 'never' | 'partial' | null;
  readonly settleAfterMs?: number | null;
  readonly duplicateEvents?: number | null;
  readonly reorderEvents?: boolean | null;
  readonly kyc?: 'verified' | 'pending' | 'rejected' | null;
  readonly transfer?: 'succeed' | 'refuse' | 'error500' | 'error500_after_effect' | 'timeout_after_effect' | 'rate_limited' | null;
  readonly stripeKeyKeptMs?: number | null;
  readonly stripeOnboarding?: 'complete' | 'manual' | 'refuse' | null;
  readonly policies?: Readonly<Record<string, unknown>> | null;
}

export type Role = 'buyer' | 'org_admin' | 'provider' | 'platform_admin';
export interface TokenRequest {
  readonly sub?: string;
  readonly tid?: string;
  readonly roles: readonly Role[];
  /** May be negative, for a token that has expired already. */
  readonly expiresInSeconds?: number;
  readonly audience?: string;
  readonly issuer?: string;
}
export interface Token { readonly accessToken: string; readonly sub: string; readonly tid: string; readonly expiresAt: string }

export interface CourseRequest {
  readonly title?: string;
  readonly format?: string;
  readonly publish?: boolean;
  readonly build?: boolean;
  readonly tid?: string;
  readonly courseId?: string;
  readonly courseVersionId?: string;
}
export interface Course { readonly courseId: string; readonly courseVersionId: string; readonly playPackageId: string }

export interface WitnessedRefund {
  readonly refundId: string; readonly idempotencyKey: string; readonly status: string;
  readonly netAmountMinor: string; readonly reason: string;
}
export interface WitnessedPayment {
  readonly paymentId: string; readonly idempotencyKey: string; readonly status: string;
  readonly netAmountMinor: string; readonly currency: string; readonly refunds: readonly WitnessedRefund[];
}
export interface WitnessedTransfer {
  readonly transferId: string; readonly transferGroup: string; readonly idempotencyKey: string; readonly destination: string;
  readonly tenantId: string; readonly amountMinor: string; readonly currency: string;
}
export interface WitnessedEnrollment {
  readonly enrollmentId: string; readonly assignmentId: string; readonly seatId: string;
  readonly learnerId: string; readonly status: 'active' | 'withdrawn' | 'rejected';
}
export interface WitnessedEvent {
  readonly id: string; readonly type: string; readonly subject: string; readonly time: string;
  readonly aggregateversion: string; readonly correlationid: string; readonly causationid: string; readonly tenantid: string;
  readonly data: Readonly<Record<string, unknown>>;
  /** How often it came; more than once is allowed, and deduplicated by its id. */
  readonly deliveries: number;
  /** When the stream took it, nanoseconds. */
  readonly storedAt: number;
}

export type SandboxClient = ReturnType<typeof sandboxClient>;

/** The sandbox's own API: tokens, switches, courses, and the witnesses of what the neighbours did. */
export function sandboxClient(baseUrl: string) {
  const call = async <T>(method: string, path: string, body?: unknown): Promise<T> => {
    const answer = await fetch(`${baseUrl}${path}`, {
      method,
      ...(body === undefined ? {} : { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} → ${answer.status} ${text}`);
    return (text === '' ? undefined : JSON.parse(text)) as T;
  };
  const query = (parameters: Readonly<Record<string, string | undefined>>): string => {
    const given = Object.entries(parameters).filter((entry): entry is [string, string] => entry[1] !== undefined);
    return given.length === 0 ? '' : `?${new URLSearchParams(given)}`;
  };
  return {
    url: baseUrl,
    token: (request: TokenRequest) => call<Token>('POST', '/identity/token', request),
    /** For one tenant, or for all when `tid` is undefined. Merges into what is set. */
    behaviour: (tid: string | undefined, behaviour: Behaviour) =>
      call<unknown>('PUT', '/sandbox/behaviour', { ...(tid === undefined ? {} : { tid }), ...behaviour }),
    resetBehaviour: (tid?: string) => call<unknown>('DELETE', `/sandbox/behaviour${query({ tid })}`),
    course: (request: CourseRequest = {}) => call<Course>('POST', '/sandbox/courses', request),
    payments: async (orderId: string) =>
      (await call<{ payments: WitnessedPayment[] }>('GET', `/sandbox/billing/payments${query({ orderId })}`)).payments,
    /** What Stripe has moved; of one payout, or all. */
    transfers: async (transferGroup?: string) =>
      (await call<{ transfers: WitnessedTransfer[] }>('GET', `/sandbox/stripe/transfers${query({ transferGroup })}`)).transfers,
    enrollments: async (licenseId: string) =>
      (await call<{ enrollments: WitnessedEnrollment[] }>('GET', `/sandbox/enrollments${query({ licenseId })}`)).enrollments,
    startEnrollment: (seatId: string) => call<unknown>('POST', `/sandbox/enrollments/${seatId}/start`, {}),
    dispute: (paymentId: string) => call<unknown>('POST', '/sandbox/disputes', { paymentId }),
    /** gdpr-service passes a person's request on; `requestId` is its own name for it. */
    gdpr: (request: { readonly subjectId: string; readonly kind: 'erasure' | 'access'; readonly requestId?: string; readonly tid?: string }) =>
      call<{ readonly requestId: string; readonly eventId: string }>('POST', '/sandbox/gdpr', request),
    /** Marketplace events that the sandbox has seen, oldest first. */
    events: async (filter: { readonly type?: string; readonly subject?: string; readonly correlationId?: string } = {}) =>
      (await call<{ events: WitnessedEvent[] }>('GET', `/sandbox/events${query({ ...filter })}`)).events,
    /** Events of ours that failed their schema; none, where all is well. */
    violations: () => call<{ readonly count: number; readonly violations: readonly unknown[] }>('GET', '/sandbox/violations'),
  };
}
