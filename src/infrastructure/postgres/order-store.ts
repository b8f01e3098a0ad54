import type { OrderId, UserId } from '../../domain/ids';
import type { Order, OrderLine, OrderTransition } from '../../domain/order/order';
import type { CourseClaim, OrderStore, PlacedKey, StatusChange, WithdrawnLine } from '../../application/ports/orders';
import type { Tx } from '../../application/ports/unit-of-work';
import { ORDER_COLUMNS, ORDER_LINE_COLUMNS, orderLineOf, orderOf, orderTransitionOf } from './order-rows';
import type { OrderLineRow, OrderRow, OrderTransitionRow } from './order-rows';
import { inside } from './transaction';

const PLACE = `with placed as (
    insert into marketplace.orders (id, number, source, status, tenant_id, buyer_id, currency, subtotal_minor, discount_minor, total_minor,
      purchase_reference, payment_return_url, idempotency_key, request_hash, version, placed_at, coupon_code, storefront_id)
    values ($1, $2, $3, 'PLACED', $4, $5, $6, $7, $8, $9, $10, $11, $12, decode($13, 'hex'), 1, $14, $16, $17)
    on conflict on constraint orders_idempotency_key do nothing
    returning id, tenant_id, buyer_id, placed_at),
  lined as (
    insert into marketplace.order_line (id, order_id, tenant_id, buyer_id, position, listing_id, provider_tenant_id, plan_id, plan_revision, title, terms,
      course_id, course_version_id, play_package_id, package_format, quantity, unit_price_minor, subtotal_minor, discount_minor, platform_discount_minor, total_minor, learner_ids)
    select l.id, placed.id, placed.tenant_id, placed.buyer_id, l.position, l.listing_id, l.provider_tenant_id, l.plan_id, l.plan_revision, l.title, l.terms,
      l.course_id, l.course_version_id, l.play_package_id, l.package_format, l.quantity, l.unit_price_minor, l.subtotal_minor, l.discount_minor, l.platform_discount_minor, l.total_minor, l.learner_ids
    from placed, jsonb_to_recordset($15::jsonb) as l (id uuid, position integer, listing_id uuid, provider_tenant_id uuid, plan_id uuid, plan_revision integer,
      title text, terms jsonb, course_id uuid, course_version_id uuid, play_package_id text, package_format text, quantity integer,
      unit_price_minor bigint, subtotal_minor bigint, discount_minor bigint, platform_discount_minor bigint, total_minor bigint, learner_ids uuid[])),
  logged as (
    insert into marketplace.order_transition (order_id, version, tenant_id, buyer_id, to_status, step, at)
    select id, 1, tenant_id, buyer_id, 'PLACED', 'RESERVE', placed_at from placed)
  select id from placed`;

const BECOME = `with old as (select id, status, version, tenant_id, buyer_id from marketplace.orders where id = $1 for update),
  step as (select ordinal, status from unnest($2::text[]) with ordinality as s (status, ordinal)),
  changed as (
    update marketplace.orders o set status = $3, version = o.version + cardinality($2::text[]),
      failure_reason = coalesce($4, o.failure_reason), fulfilled_at = coalesce($5::timestamptz, o.fulfilled_at)
    from old where o.id = old.id returning o.id),
  logged as (
    insert into marketplace.order_transition (order_id, version, tenant_id, buyer_id, from_status, to_status, step, at)
    select old.id, old.version + step.ordinal, old.tenant_id, old.buyer_id, coalesce(lag(step.status) over (order by step.ordinal), old.status), step.status, $6, $7
    from old join changed using (id), step
    returning order_id, version, from_status, to_status, step, at)
  select * from logged order by version`;

/** A listing that the caller may see no longer is missing here, which is an answer as well. */
const WITHDRAWN = `select ol.position, l.id is not null as live from marketplace.order_line ol
  left join marketplace.listing l on l.id = ol.listing_id and l.status = 'LIVE'
  left join marketplace.pricing_plan p on p.id = ol.plan_id and p.active
  where ol.order_id = $1 and (l.id is null or p.id is null) order by ol.position`;

const CLAIM = `with wanted as (select * from jsonb_to_recordset($1::jsonb) as w (tenant_id uuid, learner_id uuid, course_id uuid) order by tenant_id, learner_id, course_id),
  claimed as (
    insert into marketplace.course_claim (tenant_id, learner_id, course_id, order_id, buyer_id)
    select tenant_id, learner_id, course_id, $2, $3 from wanted
    on conflict do nothing returning tenant_id, learner_id, course_id)
  select w.tenant_id as "tenantId", w.learner_id as "learnerId", w.course_id as "courseId"
  from wanted w where not exists (select 1 from claimed c where (c.tenant_id, c.learner_id, c.course_id) = (w.tenant_id, w.learner_id, w.course_id))`;

export class PostgresOrderStore implements OrderStore {
  async findByKey(tx: Tx, { tenantId, buyerId, idempotencyKey }: PlacedKey) {
    const [row] = await inside(tx).prepared<{ orderId: OrderId; requestHash: string }>('order-by-key',
      `select id as "orderId", encode(request_hash, 'hex') as "requestHash" from marketplace.orders where tenant_id = $1 and buyer_id = $2 and idempotency_key = $3`,
      [tenantId, buyerId, idempotencyKey]);
    return row ?? null;
  }

  async place(tx: Tx, order: Order, lines: readonly OrderLine[], idempotencyKey: string, requestHash: string): Promise<boolean> {
    const rows = await inside(tx).prepared('order-place', PLACE, [
      order.id, order.number, order.source, order.tenantId, order.buyerId, order.currency, order.subtotal.amountMinor, order.discount.amountMinor,
      order.total.amountMinor, order.purchaseReference, order.paymentReturnUrl, idempotencyKey, requestHash, order.placedAt, JSON.stringify(lines.map(lineColumns)), order.couponCode, order.storefrontId,
    ]);
    return rows.length > 0;
  }

  async withdrawnLines(tx: Tx, orderId: OrderId): Promise<WithdrawnLine[]> {
    return inside(tx).prepared<WithdrawnLine & object>('withdrawn-lines', WITHDRAWN, [orderId]);
  }

  async claimCourses(tx: Tx, orderId: OrderId, buyerId: UserId, claims: readonly CourseClaim[]): Promise<CourseClaim[]> {
    if (claims.length === 0) return [];
    return inside(tx).prepared<CourseClaim & object>('claim-courses', CLAIM, [claimRows(claims), orderId, buyerId]) as Promise<CourseClaim[]>;
  }

  async heldClaims(tx: Tx, claims: readonly CourseClaim[]): Promise<CourseClaim[]> {
    if (claims.length === 0) return [];
    return inside(tx).prepared('held-claims', `select c.tenant_id as "tenantId", c.learner_id as "learnerId", c.course_id as "courseId"
      from marketplace.course_claim c join jsonb_to_recordset($1::jsonb) as w (tenant_id uuid, learner_id uuid, course_id uuid) using (tenant_id, learner_id, course_id)`,
    [claimRows(claims)]) as Promise<CourseClaim[]>;
  }

  async releaseClaims(tx: Tx, orderId: OrderId): Promise<void> {
    await inside(tx).prepared('release-claims', 'delete from marketplace.course_claim where order_id = $1', [orderId]);
  }

  async become(tx: Tx, { orderId, statuses, step, failureReason, fulfilledAt }: StatusChange): Promise<readonly OrderTransition[]> {
    const rows = await inside(tx).prepared<OrderTransitionRow>('order-become', BECOME,
      [orderId, statuses, statuses.at(-1), failureReason ?? null, fulfilledAt ?? null, step, inside(tx).now]);
    return rows.map(orderTransitionOf);
  }

  async withLines(tx: Tx, orderId: OrderId) {
    const found = inside(tx).prepared<OrderRow>('order-by-id', `select ${ORDER_COLUMNS} from marketplace.orders where id = $1`, [orderId]);
    const lined = inside(tx).prepared<OrderLineRow>('order-lines', `select ${ORDER_LINE_COLUMNS}
      from marketplace.order_line ol join marketplace.orders o on o.id = ol.order_id where ol.order_id = $1 order by ol.position`, [orderId]);
    const [[order], lines] = await Promise.all([found, lined]);
    if (!order) throw new Error(`order ${orderId} is missing`);
    return { order: orderOf(order), lines: lines.map(orderLineOf) };
  }

  async lock(tx: Tx, orderId: OrderId): Promise<Order | null> {
    const [row] = await inside(tx).prepared<OrderRow>('order-lock', `select ${ORDER_COLUMNS} from marketplace.orders where id = $1 for update`, [orderId]);
    return row ? orderOf(row) : null;
  }
}

function claimRows(claims: readonly CourseClaim[]): string {
  return JSON.stringify(claims.map(({ tenantId, learnerId, courseId }) => ({ tenant_id: tenantId, learner_id: learnerId, course_id: courseId })));
}

function lineColumns(line: OrderLine): object {
  return {
    id: line.id, position: line.position, listing_id: line.listingId, provider_tenant_id: line.providerTenantId, plan_id: line.planId,
    plan_revision: line.planRevision, title: line.title, terms: line.terms, course_id: line.courseId, course_version_id: line.courseVersionId,
    play_package_id: line.playPackageId, package_format: line.packageFormat, quantity: line.quantity, unit_price_minor: line.unitPrice.amountMinor.toString(),
    subtotal_minor: line.subtotal.amountMinor.toString(), discount_minor: line.discount.amountMinor.toString(), total_minor: line.total.amountMinor.toString(),
    platform_discount_minor: line.platformDiscount.amountMinor.toString(), learner_ids: line.learnerIds,
  };
}
