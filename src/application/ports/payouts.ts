import type { JournalEntryId, PayoutId, TenantId } from '../../domain/ids';
import type { Money } from '../../domain/money';
import type { PayoutEntry } from '../../domain/payout/bookings';
import type { Payout, PayoutAccount } from '../../domain/payout/payout';
import type { StatementLine } from '../../domain/payout/statement';
import type { LedgerLine } from './earnings-reader';
import type { Page, PageRequest } from './page';
import type { Tx } from './unit-of-work';

/** A provider with something to settle. */
export interface Candidate {
  readonly providerTenantId: TenantId;
  readonly account: PayoutAccount | null;
  readonly balances: readonly Money[];
}
/** What is available in one currency and the entries that it is the sum of. */
export interface AvailableBalance {
  readonly balance: Money;
  readonly entryIds: readonly JournalEntryId[];
}

export interface PayoutStore {
  account(tx: Tx, providerTenantId: TenantId): Promise<PayoutAccount | null>;
  /** The first account of a tenant stays: answers with the one that is stored. */
  addAccount(tx: Tx, account: PayoutAccount): Promise<PayoutAccount>;
  enableAccount(tx: Tx, providerTenantId: TenantId): Promise<void>;
  /** Providers without a live payout of that day who have entries that nobody has paid, by ascending id. */
  candidates(tx: Tx, scheduledFor: string, after: TenantId | null, limit: number): Promise<Candidate[]>;
  /** Locks the provider's account, and so its balance against other payouts; null where there is no account. */
  lockBalance(tx: Tx, providerTenantId: TenantId): Promise<{ readonly account: PayoutAccount; readonly available: readonly AvailableBalance[] } | null>;
  hasLive(tx: Tx, providerTenantId: TenantId, scheduledFor: string): Promise<boolean>;
  /** The database refuses the commit unless sources, entries and amount add up. */
  add(tx: Tx, payout: Payout, entryIds: readonly JournalEntryId[]): Promise<void>;
  book(tx: Tx, entries: readonly PayoutEntry[]): Promise<void>;
  get(tx: Tx, id: PayoutId): Promise<Payout>;
  begin(tx: Tx, id: PayoutId): Promise<void>;
  pay(tx: Tx, id: PayoutId, transferId: string): Promise<void>;
  /** Its entries can be paid by another payout. */
  fail(tx: Tx, id: PayoutId, message: string): Promise<void>;
}

/** A batch in hand: whoever has the token works it off until the lease ends, in real time. */
export interface BatchLease {
  readonly token: string;
  readonly durationMs: number;
}

export interface PayoutBatches {
  /** Makes the batch of the day, or opens it again, for this holder. False while somebody else works it off. */
  open(tx: Tx, scheduledFor: string, lease: BatchLease): Promise<boolean>;
  /** Stores that there will be a batch on the day, unless it is known. */
  plan(tx: Tx, scheduledFor: string): Promise<void>;
  /** A batch that is due, unfinished and in nobody's hands. */
  claim(tx: Tx, lease: BatchLease): Promise<string | null>;
  /** Holds on to it for as long again; false: it was taken over. */
  hold(tx: Tx, scheduledFor: string, lease: BatchLease): Promise<boolean>;
  /** Lets go of it, finished or to be gone on with later. */
  release(tx: Tx, scheduledFor: string, token: string, finished: boolean): Promise<void>;
}

/** Payouts for the graph; row level security decides what is there. */
export interface PayoutReader {
  byIds(tx: Tx, ids: readonly PayoutId[]): Promise<Payout[]>;
  /** Newest first; undefined: every provider's. */
  page(tx: Tx, providerTenantId: TenantId | undefined, page: PageRequest): Promise<Page<Payout>>;
  count(tx: Tx, providerTenantId: TenantId | undefined): Promise<number>;
  ofDay(tx: Tx, scheduledFor: string): Promise<Payout[]>;
  /** The entries behind it, oldest first. */
  entryPage(tx: Tx, id: PayoutId, page: PageRequest): Promise<Page<LedgerLine>>;
  entryCount(tx: Tx, id: PayoutId): Promise<number>;
  statement(tx: Tx, id: PayoutId): Promise<StatementLine[]>;
}
