/**
 * Every place where a person's id may stand. Licences come before seats and orders before what hangs on them, as
 * everybody locks them. A test that walks every column of the schema finds what is missing here.
 */
type Places = readonly (readonly [table: string, ...columns: string[]])[];

/** Nobody, from then on: the buyer of an order, alike on all that hangs on it, and the learner whom a seat shows. */
export const EMPTIED: Places = [
  ['saga', 'buyer_id'], ['saga_transition', 'buyer_id'], ['orders', 'buyer_id'], ['order_line', 'buyer_id'], ['order_transition', 'buyer_id'],
  ['license', 'buyer_id'], ['seat', 'buyer_id', 'learner_id'], ['former_assignment', 'buyer_id'], ['course_claim', 'buyer_id'],
  ['payment', 'buyer_id'], ['refund', 'buyer_id'], ['refund_line', 'buyer_id'], ['refund_seat', 'buyer_id'],
  ['subscription', 'buyer_id'], ['subscription_period', 'buyer_id'],
];

/** Rows that need somebody: a pseudonym, so that what belongs together still does. */
export const REPLACED: Places = [
  ['saga_transition', 'actor_id'], ['former_assignment', 'learner_id'], ['course_claim', 'learner_id'],
  ['coupon_redemption', 'buyer_id'], ['coupon_buyer_use', 'buyer_id'], ['subscription_trial', 'buyer_id'],
  ['listing_transition', 'actor_id'], ['operator_action', 'actor_id'], ['dead_letter', 'replayed_by'],
];

/** Lists of people. */
export const LISTED: Places = [['order_line', 'learner_ids']];

/** JSON in which the id may stand anywhere. */
export const IN_JSON: Places = [['saga', 'data', 'call'], ['outbox', 'data']];

/** Words of others, who may have written it in any case. */
export const IN_TEXT: Places = [
  ['saga', 'last_error'], ['orders', 'purchase_reference', 'payment_return_url', 'idempotency_key'], ['payment', 'payment_url'],
  ['license', 'state_reason'], ['refund', 'reason'], ['listing', 'status_reason'], ['listing_transition', 'reason'],
  ['event_try', 'last_error'], ['dead_letter', 'error', 'payload'],
];
