import type { SubjectRecord } from '../../application/events/event-data.generated';

export interface ExportRow {
  readonly kind: SubjectRecord['kind'];
  readonly data: Readonly<Record<string, unknown>>;
}

/* What is of other people, or means nothing outside: left out of every row. */
const LEFT_OUT = `'{buyer_id,learner_id,learner_ids,actor_id,request_hash,idempotency_key,frozen_by,ask_at,asked}'::text[]`;

/** One kind of row: its rows `t` for the person $1. */
const rows = (kind: SubjectRecord['kind'], from: string, where: string, data = 'to_jsonb(t)'): string =>
  `select '${kind}' as kind, jsonb_strip_nulls(${data} - ${LEFT_OUT}) as data from marketplace.${from} t where ${where}`;

export const EXPORT = [
  rows('order', 'orders', 't.buyer_id = $1'),
  rows('order_line', 'order_line', 't.buyer_id = $1'),
  rows('order_transition', 'order_transition', 't.buyer_id = $1'),
  rows('payment', 'payment', 't.buyer_id = $1'),
  rows('refund', 'refund', 't.buyer_id = $1'),
  rows('license', 'license', 't.buyer_id = $1'),
  rows('subscription', 'subscription', 't.buyer_id = $1'),
  rows('seat', 'seat', 't.learner_id = $1'),
  rows('former_seat', 'former_assignment', 't.learner_id = $1'),
  rows('course_claim', 'course_claim', 't.learner_id = $1'),
  rows('learner_of_line', 'order_line', 't.learner_ids @> array[$1::uuid]',
    `jsonb_build_object('id', t.id, 'order_id', t.order_id, 'title', t.title, 'course_id', t.course_id, 'course_version_id', t.course_version_id)`),
  rows('coupon_redemption', 'coupon_redemption', 't.buyer_id = $1'),
  rows('action', 'saga_transition', 't.actor_id = $1'),
  rows('action', 'listing_transition', 't.actor_id = $1'),
  rows('action', 'operator_action', 't.actor_id = $1', `to_jsonb(t) - '{before,after}'::text[]`),
].join('\nunion all ');

/** As events have it: names in camel case, amounts as decimal strings of minor units. */
export function recordOf({ kind, data }: ExportRow): SubjectRecord {
  return { kind, data: Object.fromEntries(Object.entries(data).map(([column, value]) => [camelCase(column), column.endsWith('_minor') ? String(value) : value])) };
}

function camelCase(column: string): string {
  return column.replace(/_([a-z])/g, (_match, letter: string) => letter.toUpperCase());
}
