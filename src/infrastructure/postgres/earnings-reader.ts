import type { JournalEntryId, ListingId, OrderId, OrderLineId, PayoutId, TenantId } from '../../domain/ids';
import type { LedgerEntryKind } from '../../domain/ledger/journal';
import type { EarningsBalance, ProviderSale, SalesPoint } from '../../domain/ledger/provider-sale';
import type { CurrencyCode } from '../../domain/money';
import type { OrderStatus } from '../../domain/order/order-status';
import type { EarningsReader, LedgerFilter, LedgerLine, SaleFilter, SalesPeriod } from '../../application/ports/earnings-reader';
import type { PageRequest } from '../../application/ports/page';
import type { Tx } from '../../application/ports/unit-of-work';
import { Conditions, countRows, readPage } from './keyset';
import { AMONG_IDS, moneyOf } from './rows';
import { inside } from './transaction';

interface SaleRow {
  id: OrderLineId; order_id: OrderId; order_number: string; provider_tenant_id: TenantId; listing_id: ListingId; plan_name: string; quantity: number; placed_at: Date;
  order_status: OrderStatus; currency: CurrencyCode; gross_minor: bigint; discount_minor: bigint; fee_minor: bigint; refunded_minor: bigint;
}
export interface EntryRow {
  id: JournalEntryId; kind: LedgerEntryKind; provider_tenant_id: TenantId; order_line_id: OrderLineId | null; payout_id: PayoutId | null; available_at: Date | null; currency: CurrencyCode; at: Date;
  gross_minor: bigint; fee_minor: bigint; net_minor: bigint;
}
interface BalanceRow { currency: CurrencyCode; pending: bigint | null; available: bigint | null; paid: bigint | null; gross: bigint | null; fee: bigint | null }
interface DayRow { date: string; orders: number; gross: bigint; net: bigint; refunds: bigint }

const SALES = `marketplace.provider_sale s cross join lateral (
    select max(e.fee_minor) filter (where e.kind = 'SALE') as booked_fee, coalesce(-sum(e.gross_minor) filter (where e.kind <> 'SALE'), 0)::bigint as refunded_minor
    from marketplace.journal_entry e where e.order_line_id = s.id) booked`;
const SALE_COLUMNS = `id, order_id, order_number, provider_tenant_id, listing_id, plan_name, quantity, placed_at, order_status, currency, gross_minor, discount_minor,
  coalesce(booked_fee, fee_minor) as fee_minor, refunded_minor`;

/** Each with the payout that it books, or that has paid it. */
export const ENTRIES = `(select e.*, coalesce(e.payout_id, (select p.payout_id from marketplace.payout_entry p where p.entry_id = e.id and p.live)) as settled_by
  from marketplace.journal_entry e) entry`;
export const ENTRY_COLUMNS = 'id, kind, provider_tenant_id, order_line_id, settled_by as payout_id, available_at, currency, at, gross_minor, fee_minor, net_minor';

/* An open refund holds the earnings of its order that are not paid yet: nobody knows what of them will go back. */
const BALANCES = `select currency, sum(net_minor) filter (where pending)::bigint as pending, sum(net_minor) filter (where not pending)::bigint as available,
    -sum(net_minor) filter (where payout_id is not null)::bigint as paid,
    sum(gross_minor) filter (where payout_id is null)::bigint as gross, sum(fee_minor) filter (where payout_id is null)::bigint as fee
  from (
    select e.currency, e.net_minor, e.gross_minor, e.fee_minor, e.payout_id, e.payout_id is null and p.entry_id is null
      and (e.available_at > marketplace.clock() or s.order_status is not distinct from 'REFUND_PENDING') as pending
    from marketplace.journal_entry e left join marketplace.provider_sale s on s.id = e.order_line_id
      left join marketplace.payout_entry p on p.entry_id = e.id and p.live
    where e.provider_tenant_id = $1) entry
  group by currency order by currency`;

const SALES_BY_DAY = `with day as (select d::date as date from generate_series($3::timestamp, $4::timestamp, interval '1 day') d),
  sold as (
    select (fulfilled_at at time zone 'UTC')::date as date, count(distinct order_id)::integer as orders from marketplace.provider_sale
    where provider_tenant_id = $1 and currency = $2 and fulfilled_at >= $3::timestamp at time zone 'UTC' and fulfilled_at < ($4::timestamp + interval '1 day') at time zone 'UTC'
    group by 1),
  booked as (
    select (at at time zone 'UTC')::date as date, sum(gross_minor) filter (where kind = 'SALE')::bigint as gross, sum(net_minor) filter (where kind = 'SALE')::bigint as net,
      -sum(gross_minor) filter (where kind in ('REFUND', 'DISPUTE'))::bigint as refunds
    from marketplace.journal_entry
    where provider_tenant_id = $1 and currency = $2 and at >= $3::timestamp at time zone 'UTC' and at < ($4::timestamp + interval '1 day') at time zone 'UTC'
    group by 1)
  select to_char(date, 'YYYY-MM-DD') as date, coalesce(orders, 0) as orders, coalesce(gross, 0) as gross, coalesce(net, 0) as net, coalesce(refunds, 0) as refunds
  from day left join sold using (date) left join booked using (date) order by date`;

export class PostgresEarningsReader implements EarningsReader {
  async salesByIds(tx: Tx, ids: readonly OrderLineId[]): Promise<ProviderSale[]> {
    return (await inside(tx).prepared<SaleRow>('sales-by-ids', `select ${SALE_COLUMNS} from ${SALES} where id = ${AMONG_IDS}`, [ids])).map(saleOf);
  }

  salePage(tx: Tx, filter: SaleFilter, page: PageRequest) {
    return readPage(tx, {
      columns: SALE_COLUMNS, from: SALES, conditions: saleConditions(filter), key: { column: 'placed_at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: SaleRow) => saleOf(row), keyOf: (sale) => ({ key: sale.placedAt.toISOString(), id: sale.id }),
    }, page);
  }

  saleCount(tx: Tx, filter: SaleFilter): Promise<number> {
    return countRows(tx, 'marketplace.provider_sale', saleConditions(filter));
  }

  entryPage(tx: Tx, filter: LedgerFilter, page: PageRequest) {
    return readPage(tx, {
      columns: ENTRY_COLUMNS, from: ENTRIES, conditions: entryConditions(filter), key: { column: 'at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: EntryRow) => entryOf(row), keyOf: (entry) => ({ key: entry.at.toISOString(), id: entry.id }),
    }, page);
  }

  entryCount(tx: Tx, filter: LedgerFilter): Promise<number> {
    return countRows(tx, 'marketplace.journal_entry', entryConditions(filter));
  }

  async balances(tx: Tx, providerTenantId: TenantId): Promise<EarningsBalance[]> {
    const rows = await inside(tx).prepared<BalanceRow>('earnings-balances', BALANCES, [providerTenantId]);
    return rows.map(({ currency, pending, available, paid, gross, fee }) => ({
      pending: moneyOf(pending ?? 0n, currency), available: moneyOf(available ?? 0n, currency), paidOut: moneyOf(paid ?? 0n, currency),
      lifetimeGross: moneyOf(gross ?? 0n, currency), lifetimePlatformFee: moneyOf(fee ?? 0n, currency),
    }));
  }

  async salesByDay(tx: Tx, { providerTenantId, currency, from, to }: SalesPeriod): Promise<SalesPoint[]> {
    const rows = await inside(tx).prepared<DayRow>('sales-by-day', SALES_BY_DAY, [providerTenantId, currency, from, to]);
    return rows.map(({ date, orders, gross, net, refunds }) => ({
      date, orders, gross: moneyOf(gross, currency), net: moneyOf(net, currency), refunds: moneyOf(refunds, currency),
    }));
  }
}

function saleConditions({ providerTenantId, listingId, placedAfter, placedBefore }: SaleFilter): Conditions {
  return new Conditions()
    .where(providerTenantId, (p) => `provider_tenant_id = ${p}`)
    .where(listingId, (p) => `listing_id = ${p}`)
    .where(placedAfter, (p) => `placed_at > ${p}`)
    .where(placedBefore, (p) => `placed_at < ${p}`);
}

function entryConditions({ providerTenantId, currency }: LedgerFilter): Conditions {
  return new Conditions().where(providerTenantId, (p) => `provider_tenant_id = ${p}`).where(currency, (p) => `currency = ${p}`);
}

function saleOf(row: SaleRow): ProviderSale {
  const { currency } = row;
  return {
    id: row.id, orderId: row.order_id, orderNumber: row.order_number, providerTenantId: row.provider_tenant_id, listingId: row.listing_id, planName: row.plan_name,
    quantity: row.quantity, placedAt: row.placed_at, status: row.order_status, gross: moneyOf(row.gross_minor, currency), discount: moneyOf(row.discount_minor, currency),
    platformFee: moneyOf(row.fee_minor, currency), net: moneyOf(row.gross_minor - row.fee_minor, currency), refunded: moneyOf(row.refunded_minor, currency),
  };
}

export function entryOf(row: EntryRow): LedgerLine {
  const { currency, provider_tenant_id: providerTenantId, order_line_id: lineId, available_at: availableAt } = row;
  return {
    id: row.id, kind: row.kind, earning: lineId && availableAt && { providerTenantId, lineId, availableAt }, payoutId: row.payout_id, at: row.at,
    gross: moneyOf(row.gross_minor, currency), fee: moneyOf(row.fee_minor, currency), net: moneyOf(row.net_minor, currency),
  };
}
