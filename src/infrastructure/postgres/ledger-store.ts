import type { OrderLineId, TenantId } from '../../domain/ids';
import type { BookedLine, JournalEntry } from '../../domain/ledger/journal';
import type { ProviderSale } from '../../domain/ledger/provider-sale';
import type { CurrencyCode } from '../../domain/money';
import type { LedgerStore } from '../../application/ports/ledger-store';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

const ADD_SALES = `insert into marketplace.provider_sale (id, order_id, provider_tenant_id, order_number, order_status, listing_id, plan_name, quantity, currency,
    gross_minor, discount_minor, fee_minor, placed_at)
  select id, order_id, provider_tenant_id, order_number, order_status, listing_id, plan_name, quantity, currency, gross_minor, discount_minor, fee_minor, placed_at
  from jsonb_to_recordset($1::jsonb) as s (id uuid, order_id uuid, provider_tenant_id uuid, order_number text, order_status text, listing_id uuid, plan_name text,
    quantity integer, currency text, gross_minor bigint, discount_minor bigint, fee_minor bigint, placed_at timestamptz)`;

const APPEND = `with entry as (
    insert into marketplace.journal_entry (id, kind, provider_tenant_id, order_id, order_line_id, refund_id, currency, gross_minor, fee_minor, net_minor, at, available_at)
    select id, kind, provider_tenant_id, order_id, order_line_id, refund_id, currency, gross_minor, fee_minor, net_minor, at, available_at
    from jsonb_to_recordset($1::jsonb) as e (id uuid, kind text, provider_tenant_id uuid, order_id uuid, order_line_id uuid, refund_id uuid, currency text,
      gross_minor bigint, fee_minor bigint, net_minor bigint, at timestamptz, available_at timestamptz))
  insert into marketplace.journal_posting (entry_id, position, order_id, account, currency, amount_minor)
  select entry_id, position, order_id, account, currency, amount_minor
  from jsonb_to_recordset($2::jsonb) as p (entry_id uuid, position integer, order_id uuid, account text, currency text, amount_minor bigint)`;

const LOCK_LINES = 'select id from marketplace.order_line where id = any ($1::uuid[]) order by id for update';

const BOOKED = `select s.order_line_id as "lineId", s.provider_tenant_id as "providerTenantId", s.available_at as "availableAt", s.currency,
    ol.total_minor as paid, s.gross_minor as gross, s.fee_minor as fee, r.paid as "reversedPaid", r.gross as "reversedGross", r.fee as "reversedFee"
  from marketplace.journal_entry s join marketplace.order_line ol on ol.id = s.order_line_id
    cross join lateral (
      select coalesce(-sum(e.gross_minor), 0)::bigint as gross, coalesce(-sum(e.fee_minor), 0)::bigint as fee, coalesce(-sum(p.amount_minor), 0)::bigint as paid
      from marketplace.journal_entry e left join marketplace.journal_posting p on p.entry_id = e.id and p.account = 'buyer_clearing'
      where e.order_line_id = s.order_line_id and e.kind <> 'SALE') r
  where s.kind = 'SALE' and s.order_line_id = any ($1::uuid[]) order by s.order_line_id`;

interface BookedRow {
  lineId: OrderLineId; providerTenantId: TenantId; availableAt: Date; currency: CurrencyCode;
  paid: bigint; gross: bigint; fee: bigint; reversedPaid: bigint; reversedGross: bigint; reversedFee: bigint;
}

export class PostgresLedgerStore implements LedgerStore {
  async addSales(tx: Tx, sales: readonly ProviderSale[]): Promise<void> {
    inside(tx).send('provider-sales-add', ADD_SALES, [JSON.stringify(sales.map(saleColumns))]);
  }

  async append(tx: Tx, entries: readonly JournalEntry[]): Promise<void> {
    if (entries.length === 0) return;
    await inside(tx).prepared('journal-append', APPEND, [JSON.stringify(entries.map(entryColumns)), JSON.stringify(entries.flatMap(postingColumns))]);
  }

  async bookedOn(tx: Tx, lineIds: readonly OrderLineId[]): Promise<readonly BookedLine[]> {
    if (lineIds.length === 0) return [];
    await inside(tx).prepared('order-lines-lock', LOCK_LINES, [lineIds]);
    const rows = await inside(tx).prepared<BookedRow>('journal-booked', BOOKED, [lineIds]);
    return rows.map(({ lineId, providerTenantId, availableAt, currency, paid, gross, fee, reversedPaid, reversedGross, reversedFee }) => ({
      earning: { lineId, providerTenantId, availableAt }, currency, sale: { paid, gross, fee }, reversed: { paid: reversedPaid, gross: reversedGross, fee: reversedFee },
    }));
  }
}

function saleColumns(sale: ProviderSale): object {
  return {
    id: sale.id, order_id: sale.orderId, provider_tenant_id: sale.providerTenantId, order_number: sale.orderNumber, order_status: sale.status,
    listing_id: sale.listingId, plan_name: sale.planName, quantity: sale.quantity, currency: sale.gross.currency, gross_minor: sale.gross.amountMinor.toString(),
    discount_minor: sale.discount.amountMinor.toString(), fee_minor: sale.platformFee.amountMinor.toString(), placed_at: sale.placedAt,
  };
}

function entryColumns({ id, kind, earning, orderId, refundId, gross, fee, net, at }: JournalEntry): object {
  return {
    id, kind, provider_tenant_id: earning?.providerTenantId ?? null, order_id: orderId, order_line_id: earning?.lineId ?? null, refund_id: refundId,
    currency: gross.currency, gross_minor: gross.amountMinor.toString(), fee_minor: fee.amountMinor.toString(), net_minor: net.amountMinor.toString(),
    at, available_at: earning?.availableAt ?? null,
  };
}

function postingColumns({ id, orderId, postings }: JournalEntry): object[] {
  return postings.map(({ account, amount }, position) => ({
    entry_id: id, position, order_id: orderId, account, currency: amount.currency, amount_minor: amount.amountMinor.toString(),
  }));
}
