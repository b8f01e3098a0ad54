/** Expected errors are data: a code for programs, a message that a person can act on, and where in the input. */
export const USER_ERROR_CODES = [
  'INVALID_INPUT', 'NOT_FOUND', 'FORBIDDEN', 'VERSION_CONFLICT', 'ILLEGAL_TRANSITION', 'TEMPORARILY_UNAVAILABLE',
  'LISTING_NOT_PURCHASABLE', 'PLAN_NOT_ACTIVE', 'CURRENCY_NOT_OFFERED', 'CURRENCY_NOT_ALLOWED', 'QUANTITY_OUT_OF_RANGE',
  'IDEMPOTENCY_KEY_REUSED', 'PRICE_CHANGED', 'PURCHASE_CAP_EXCEEDED', 'ALREADY_LICENSED',
  'COUPON_UNKNOWN', 'COUPON_EXPIRED', 'COUPON_EXHAUSTED', 'COUPON_NOT_APPLICABLE', 'COUPON_TENANT_RESTRICTED', 'COUPON_MINIMUM_NOT_MET',
  'KYC_NOT_VERIFIED', 'COURSE_VERSION_NOT_PUBLISHED', 'PLAY_PACKAGE_NOT_BUILT', 'NO_ACTIVE_PLAN',
  'NO_SEATS_AVAILABLE', 'SEAT_ALREADY_ASSIGNED', 'SEAT_REASSIGNMENT_LIMIT', 'LICENSE_NOT_ACTIVE',
  'ORDER_NOT_CANCELLABLE', 'SAGA_NOT_STUCK',
  'PAYOUT_ACCOUNT_MISSING',
  'REFUND_DEADLINE_PASSED', 'REFUND_SEATS_CONSUMED', 'REFUND_NOT_ELIGIBLE',
] as const;
export type UserErrorCode = (typeof USER_ERROR_CODES)[number];

export interface UserError {
  readonly code: UserErrorCode;
  readonly message: string;
  /** Path into the mutation's arguments, for example ['input', 'lines', '0', 'quantity']. */
  readonly path: readonly string[];
  /** The facts in the message, for programs: deadline, missing, total … */
  readonly params: Readonly<Record<string, string>>;
}

export function userError(code: UserErrorCode, message: string, path: readonly string[] = [], params: Readonly<Record<string, string>> = {}): UserError {
  return { code, message, path, params };
}

export type Result<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly errors: readonly UserError[] };

export function ok<T>(value: T): Result<T> {
  return { ok: true, value };
}
export function refused(...errors: readonly UserError[]): Result<never> {
  return { ok: false, errors };
}

/** Thrown inside a unit of work to take everything in it back and answer with user errors all the same. */
export class Refusal extends Error {
  constructor(readonly errors: readonly UserError[]) {
    super(errors.map((e) => e.code).join(', '));
    this.name = 'Refusal';
  }
}
