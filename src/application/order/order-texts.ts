import { userError } from '../user-error';
import type { UserError } from '../user-error';
import type { PlaceOrderRequest } from './order-requests';

const CONTROL = /[\u0000-\u001f\u007f]/;

/** The free texts of a checkout: bounded, printable, and links that a browser may follow. */
export function checkTexts({ idempotencyKey, purchaseReference, paymentReturnUrl }: PlaceOrderRequest): UserError[] {
  return [
    ...checkText('idempotencyKey', idempotencyKey, 200),
    ...(purchaseReference === undefined ? [] : checkText('purchaseReference', purchaseReference, 100)),
    ...(paymentReturnUrl === undefined || isWebAddress(paymentReturnUrl) ? [] : [userError('INVALID_INPUT', 'The return address must be an http(s) URL of at most 2,000 characters.', ['input', 'paymentReturnUrl'])]),
  ];
}

function checkText(field: string, text: string, max: number): UserError[] {
  const fits = text.length >= 1 && text.length <= max && !CONTROL.test(text) && text.isWellFormed();
  return fits ? [] : [userError('INVALID_INPUT', `${field} must have 1 to ${max} printable characters.`, ['input', field], { max: String(max) })];
}

export function isWebAddress(text: string): boolean {
  return text.length <= 2_000 && URL.canParse(text) && ['http:', 'https:'].includes(new URL(text).protocol);
}
