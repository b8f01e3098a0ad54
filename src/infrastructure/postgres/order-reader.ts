import type { OrderId, RefundId } from '../../domain/ids';
import type { CurrencyCode } from '../../domain/money';
import type { Order, OrderLine, Payment, Refund, RefundInitiator, RefundStatus } from '../../domain/order/order';
import type { OrderStatus } from '../../domain/order/order-status';
import type { PageRequest } from '../../application/ports/page';
import type { OrderFilter, OrderReader } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import { Conditions, countRows, readPage } from './keyset';
import { ORDER_COLUMNS, ORDER_LINE_COLUMNS, orderLineOf, orderOf, orderTransitionOf } from './order-rows';
import type { OrderLineRow, OrderRow, OrderTransitionRow } from './order-rows';
import { AMONG_IDS, moneyOf } from './rows';
import { sagasWithTransitions } from './saga-reader';
import { inside } from './transaction';

const ORDERS = 'marketplace.orders';

interface PaymentRow { payment_id: string; order_id: OrderId; payment_url: string | null; tax_record_id: string | null; currency: CurrencyCode; paid_minor: bigint; refunded_minor: bigint }
/** Without a change the columns of one are null. */
type StatusRow = { readonly status: OrderStatus; readonly after: number } & (OrderTransitionRow | { readonly version: null });
interface RefundRow { id: RefundId; order_id: OrderId; status: RefundStatus; initiated_by: RefundInitiator; amount_minor: bigint; currency: CurrencyCode; reason: string | null; requested_at: Date; completed_at: Date | null }

/** Orders for the graph; each method is one statement, row level security decides what is there. */
export class PostgresOrderReader implements OrderReader {
  async byIds(tx: Tx, ids: readonly OrderId[]): Promise<Order[]> {
    return (await inside(tx).prepared<OrderRow>('orders-by-ids', `select ${ORDER_COLUMNS} from ${ORDERS} where id = ${AMONG_IDS}`, [ids])).map(orderOf);
  }

  async versions(tx: Tx, ids: readonly OrderId[]) {
    const rows = await inside(tx).prepared<{ id: OrderId; version: number }>('order-versions', `select id, version from ${ORDERS} where id = ${AMONG_IDS}`, [ids]);
    return new Map(rows.map(({ id, version }) => [id, version]));
  }

  page(tx: Tx, filter: OrderFilter, page: PageRequest) {
    return readPage(tx, {
      columns: ORDER_COLUMNS, from: ORDERS, conditions: conditionsOf(filter), key: { column: 'placed_at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: OrderRow) => orderOf(row), keyOf: (order) => ({ key: order.placedAt.toISOString(), id: order.id }),
    }, page);
  }

  count(tx: Tx, filter: OrderFilter): Promise<number> {
    return countRows(tx, ORDERS, conditionsOf(filter));
  }

  async lines(tx: Tx, ids: readonly OrderId[]): Promise<OrderLine[]> {
    const rows = await inside(tx).prepared<OrderLineRow>('lines-of-orders', `select ${ORDER_LINE_COLUMNS}
      from marketplace.order_line ol join ${ORDERS} o on o.id = ol.order_id where ol.order_id = ${AMONG_IDS} order by ol.order_id, ol.position`, [ids]);
    return rows.map(orderLineOf);
  }

  async payments(tx: Tx, ids: readonly OrderId[]): Promise<Payment[]> {
    const rows = await inside(tx).prepared<PaymentRow>('payments-of-orders', `select payment_id, order_id, payment_url, tax_record_id, currency, paid_minor, refunded_minor
      from marketplace.payment where order_id = ${AMONG_IDS} order by order_id, attempt desc`, [ids]);
    return rows.map((row) => ({
      paymentId: row.payment_id, orderId: row.order_id, paymentUrl: row.payment_url, taxRecordId: row.tax_record_id,
      paid: moneyOf(row.paid_minor, row.currency), refunded: moneyOf(row.refunded_minor, row.currency),
    }));
  }

  async refunds(tx: Tx, ids: readonly OrderId[]): Promise<Refund[]> {
    const rows = await inside(tx).prepared<RefundRow>('refunds-of-orders', `select id, order_id, status, initiated_by, amount_minor + excess_minor as amount_minor, currency, reason, requested_at, completed_at
      from marketplace.refund where order_id = ${AMONG_IDS} order by order_id, requested_at, id`, [ids]);
    return rows.map((row) => ({
      id: row.id, orderId: row.order_id, status: row.status, initiatedBy: row.initiated_by, amount: moneyOf(row.amount_minor, row.currency),
      reason: row.reason, requestedAt: row.requested_at, completedAt: row.completed_at,
    }));
  }

  async statusSince(tx: Tx, id: OrderId, afterVersion: number | null) {
    const rows = await inside(tx).prepared<StatusRow>('order-status-since', `select o.status, coalesce($2::integer, o.version - 1) as after, t.order_id, t.version, t.from_status, t.to_status, t.step, t.at
      from ${ORDERS} o left join marketplace.order_transition t on t.order_id = o.id and t.version > coalesce($2::integer, o.version - 1)
      where o.id = $1 order by t.version`, [id, afterVersion]);
    const [first] = rows;
    return first ? { status: first.status, after: first.after, changes: rows.filter(isChange).map(orderTransitionOf) } : null;
  }

  sagas(tx: Tx, ids: readonly OrderId[]) {
    return sagasWithTransitions(tx, ids);
  }
}

function isChange(row: StatusRow): row is StatusRow & OrderTransitionRow {
  return row.version !== null;
}

function conditionsOf({ statuses, placedAfter, placedBefore, listingId, number, purchaseReference, buyerId, tenantId, subscriptionId }: OrderFilter): Conditions {
  return new Conditions()
    .where(statuses, (p) => `status = any (${p}::text[])`)
    .where(placedAfter, (p) => `placed_at > ${p}`)
    .where(placedBefore, (p) => `placed_at < ${p}`)
    .where(listingId, (p) => `exists (select 1 from marketplace.order_line ol where ol.order_id = orders.id and ol.listing_id = ${p}::uuid)`)
    .where(number, (p) => `number = ${p}`)
    .where(purchaseReference, (p) => `purchase_reference = ${p}`)
    .where(buyerId, (p) => `buyer_id = ${p}::uuid`)
    .where(tenantId, (p) => `tenant_id = ${p}::uuid`)
    .where(subscriptionId, (p) => `exists (select 1 from marketplace.subscription_period sp where sp.order_id = orders.id and sp.subscription_id = ${p}::uuid)`);
}
