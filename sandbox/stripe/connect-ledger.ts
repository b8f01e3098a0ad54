import { randomBytes } from 'node:crypto';
import { StripeError } from './stripe-error';

export interface Account {
  readonly id: string;
  readonly tenantId: string;
  readonly currency: string;
  readonly verified: boolean;
}
export interface Transfer {
  readonly id: string;
  readonly idempotencyKey: string | null;
  readonly amountMinor: string;
  /** Lower case, as Stripe writes it. */
  readonly currency: string;
  readonly destination: string;
  readonly transferGroup: string | null;
}

/** Stripe's memory: connected accounts and what was moved to them. */
export class ConnectLedger {
  private readonly accounts = new Map<string, Account>();
  private readonly transfers: Transfer[] = [];

  open(tenantId: string, currency: string): Account {
    const account: Account = { id: newId('acct'), tenantId, currency, verified: false };
    this.accounts.set(account.id, account);
    return account;
  }

  /** @throws StripeError */
  account(id: string): Account {
    const account = this.accounts.get(id);
    if (account === undefined) throw new StripeError(404, 'invalid_request_error', 'resource_missing', `No such account: '${id}'`);
    return account;
  }

  verify(id: string): Account {
    const account = { ...this.account(id), verified: true };
    this.accounts.set(id, account);
    return account;
  }

  move(transfer: Omit<Transfer, 'id'>): Transfer {
    const moved: Transfer = { id: newId('tr'), ...transfer };
    this.transfers.push(moved);
    return moved;
  }

  /** Newest first, as Stripe lists. */
  list(transferGroup?: string): Transfer[] {
    return this.transfers.filter((transfer) => transferGroup === undefined || transfer.transferGroup === transferGroup).toReversed();
  }
}

function newId(kind: string): string {
  return `${kind}_${randomBytes(12).toString('hex')}`;
}
