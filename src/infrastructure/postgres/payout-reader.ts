import type { PayoutId, TenantId } from '../../domain/ids';
import type { EarningKind } from '../../domain/ledger/journal';
import type { CurrencyCode } from '../../domain/money';
import type { Payout } from '../../domain/payout/payout';
import type { StatementLine } from '../../domain/payout/statement';
import type { PageRequest } from '../../application/ports/page';
import type { PayoutReader } from '../../application/ports/payouts';
import type { Tx } from '../../application/ports/unit-of-work';
import { ENTRY_COLUMNS, entryOf } from './earnings-reader';
import type { EntryRow } from './earnings-reader';
import { Conditions, countRows, readPage } from './keyset';
import { PAYOUT_COLUMNS, payoutOf, PAYOUTS } from './payout-rows';
import type { PayoutRecord } from './payout-rows';
import { AMONG_IDS, moneyOf } from './rows';
import { inside } from './transaction';

interface LineRow { id: string; at: Date; kind: EarningKind; order_number: string; currency: CurrencyCode; gross_minor: bigint; fee_minor: bigint; net_minor: bigint }

const BEHIND = `(select e.*, p.payout_id as settled_by from marketplace.payout_entry p join marketplace.journal_entry e on e.id = p.entry_id) entry`;
const STATEMENT = `select e.id, e.at, e.kind, s.order_number, e.currency, e.gross_minor, e.fee_minor, e.net_minor
  from marketplace.payout_entry p join marketplace.journal_entry e on e.id = p.entry_id join marketplace.provider_sale s on s.id = e.order_line_id
  where p.payout_id = $1 order by e.at, e.id`;

export class PostgresPayoutReader implements PayoutReader {
  async byIds(tx: Tx, ids: readonly PayoutId[]): Promise<Payout[]> {
    return (await inside(tx).prepared<PayoutRecord>('payouts-by-ids', `select ${PAYOUT_COLUMNS} from ${PAYOUTS} where id = ${AMONG_IDS}`, [ids])).map(payoutOf);
  }

  page(tx: Tx, providerTenantId: TenantId | undefined, page: PageRequest) {
    return readPage(tx, {
      columns: PAYOUT_COLUMNS, from: PAYOUTS, conditions: ofProvider(providerTenantId), key: { column: 'created_at', type: 'timestamptz', direction: 'desc' },
      nodeOf: (row: PayoutRecord) => payoutOf(row), keyOf: (payout) => ({ key: payout.createdAt.toISOString(), id: payout.id }),
    }, page);
  }

  count(tx: Tx, providerTenantId: TenantId | undefined): Promise<number> {
    return countRows(tx, 'marketplace.payout', ofProvider(providerTenantId));
  }

  async ofDay(tx: Tx, scheduledFor: string): Promise<Payout[]> {
    return (await inside(tx).prepared<PayoutRecord>('payouts-of-day', `select ${PAYOUT_COLUMNS} from ${PAYOUTS} where scheduled_for = $1 order by created_at, id`, [scheduledFor])).map(payoutOf);
  }

  entryPage(tx: Tx, id: PayoutId, page: PageRequest) {
    return readPage(tx, {
      columns: ENTRY_COLUMNS, from: BEHIND, conditions: new Conditions().where(id, (p) => `settled_by = ${p}`), key: { column: 'at', type: 'timestamptz', direction: 'asc' },
      nodeOf: (row: EntryRow) => entryOf(row), keyOf: (entry) => ({ key: entry.at.toISOString(), id: entry.id }),
    }, page);
  }

  entryCount(tx: Tx, id: PayoutId): Promise<number> {
    return countRows(tx, 'marketplace.payout_entry', new Conditions().where(id, (p) => `payout_id = ${p}`));
  }

  async statement(tx: Tx, id: PayoutId): Promise<StatementLine[]> {
    return (await inside(tx).prepared<LineRow>('payout-statement', STATEMENT, [id])).map(({ id: entryId, at, kind, order_number, currency, gross_minor, fee_minor, net_minor }) => ({
      entryId, at, kind, orderNumber: order_number, gross: moneyOf(gross_minor, currency), fee: moneyOf(fee_minor, currency), net: moneyOf(net_minor, currency),
    }));
  }
}

function ofProvider(providerTenantId: TenantId | undefined): Conditions {
  return new Conditions().where(providerTenantId, (p) => `provider_tenant_id = ${p}`);
}
