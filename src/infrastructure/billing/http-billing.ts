import { z } from 'zod';
import type { AcceptedPayment, AcceptedRefund, Billing, FoundPayment, FoundRefund, PaymentRequest } from '../../application/ports/billing';
import { BillingRefused } from '../../application/ports/billing';
import { traceparentNow } from '../../application/tracing';
import { Unanswered } from '../../application/saga/host';
import { faultPoint } from '../faults/fault-points';
import type { OutsideEffect } from '../faults/fault-points';

/** Shorter than a saga's lease, so that a call has ended before another replica may make it again. */
const TIMEOUT_MS = 10_000;

const minor = z.string().regex(/^\d{1,18}$/);
const acceptedPayment = z.object({ paymentId: z.string().min(1), status: z.string(), paymentUrl: z.string().nullish(), taxRecordId: z.string().nullish() });
const foundPayment = z.object({ paymentId: z.string().min(1), status: z.enum(['requires_action', 'processing', 'succeeded', 'failed', 'cancelled']), netAmountMinor: minor });
const acceptedRefund = z.object({ refundId: z.string().min(1), status: z.string() });
const foundRefund = acceptedRefund.extend({ netAmountMinor: minor });
const problem = z.object({ type: z.string().optional(), title: z.string().optional(), detail: z.string().optional(), code: z.string().optional() });

interface Asked {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  readonly idempotencyKey?: string;
  readonly body?: object;
}

/** billing-service over HTTP. Its answers are checked; what does not fit is no answer. */
export class HttpBilling implements Billing {
  constructor(private readonly baseUrl: string) {}

  async processPayment(idempotencyKey: string, { net, ...payment }: PaymentRequest): Promise<AcceptedPayment> {
    const body = { ...payment, currency: net.currency, netAmountMinor: net.amountMinor };
    const answer = await this.effect('billing.process-payment', { method: 'POST', path: '/api/v1/payments/process', idempotencyKey, body }, acceptedPayment);
    return { paymentId: answer.paymentId, status: answer.status, paymentUrl: answer.paymentUrl ?? null, taxRecordId: answer.taxRecordId ?? null };
  }

  async findPayment(idempotencyKey: string): Promise<FoundPayment | null> {
    return this.found({ method: 'GET', path: `/api/v1/payments?idempotencyKey=${encodeURIComponent(idempotencyKey)}` }, foundPayment);
  }

  async cancelPayment(paymentId: string, idempotencyKey: string): Promise<boolean> {
    try {
      await this.effect('billing.cancel-payment', { method: 'POST', path: `/api/v1/payments/${encodeURIComponent(paymentId)}/cancel`, idempotencyKey, body: {} }, z.unknown());
      return true;
    } catch (error) {
      if (error instanceof RefusedWith && error.status === 409) return false;
      throw error;
    }
  }

  async refundPayment(paymentId: string, refundId: string, reason: string, amountMinor?: string): Promise<AcceptedRefund> {
    const path = `/api/v1/payments/${encodeURIComponent(paymentId)}/refunds`;
    const answer = await this.effect('billing.refund-payment', { method: 'POST', path, idempotencyKey: refundId, body: { ...(amountMinor === undefined ? { full: true } : { netAmountMinor: amountMinor }), reason } }, acceptedRefund);
    return { billingRefundId: answer.refundId, status: answer.status };
  }

  async findRefund(paymentId: string, refundId: string): Promise<FoundRefund | null> {
    const path = `/api/v1/payments/${encodeURIComponent(paymentId)}/refunds?idempotencyKey=${encodeURIComponent(refundId)}`;
    const answer = await this.found({ method: 'GET', path }, foundRefund);
    return answer && { billingRefundId: answer.refundId, status: answer.status, netAmountMinor: answer.netAmountMinor };
  }

  private async found<T>(asked: Asked, schema: z.ZodType<T>): Promise<T | null> {
    try {
      return await this.request(asked, schema);
    } catch (error) {
      if (error instanceof RefusedWith && error.status === 404) return null;
      throw error;
    }
  }

  private async effect<T>(point: OutsideEffect, asked: Asked, schema: z.ZodType<T>): Promise<T> {
    faultPoint(`${point}:before`);
    const answer = await this.request(asked, schema);
    faultPoint(`${point}:after`);
    return answer;
  }

  private async request<T>({ method, path, idempotencyKey, body }: Asked, schema: z.ZodType<T>): Promise<T> {
    const traceparent = traceparentNow();
    const { status, text } = await this.send(method, path, {
      accept: 'application/json', ...(body ? { 'content-type': 'application/json' } : {}), ...(idempotencyKey ? { 'idempotency-key': idempotencyKey } : {}), ...(traceparent ? { traceparent } : {}),
    }, body);
    if (status === 408 || status === 429 || status >= 500) throw new Unanswered(`billing answered ${status}`);
    const json = parse(text);
    if (status >= 400) throw new RefusedWith(status, json);
    const answer = schema.safeParse(json);
    if (!answer.success) throw new Unanswered(`billing's answer to ${method} ${path.split('?')[0]} does not fit its contract`);
    return answer.data;
  }

  private async send(method: string, path: string, headers: Record<string, string>, body: object | undefined): Promise<{ status: number; text: string }> {
    try {
      const response = await fetch(this.baseUrl + path, { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS), ...(body ? { body: JSON.stringify(body) } : {}) });
      return { status: response.status, text: await response.text() };
    } catch (cause) {
      throw new Unanswered('billing could not be reached, or did not answer in time', { cause });
    }
  }
}

class RefusedWith extends BillingRefused {
  constructor(readonly status: number, body: unknown) {
    const told = problem.safeParse(body).data ?? {};
    super(told.code ?? told.type ?? `HTTP_${status}`, told.detail ?? told.title ?? `billing answered ${status}`);
  }
}

function parse(text: string): unknown {
  try {
    return text ? JSON.parse(text) : {};
  } catch {
    return text;
  }
}
