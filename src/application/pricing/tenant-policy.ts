import { toDecimal, money } from '../../domain/money';
import type { CurrencyCode, Money } from '../../domain/money';
import { brokenCaps, capOf, EVERYTHING_ALLOWED, isAllowed } from '../../domain/pricing/purchase-policy';
import type { BrokenCap, PurchasePolicy } from '../../domain/pricing/purchase-policy';
import type { Totals } from '../../domain/pricing/quote';
import type { Caller } from '../actor';
import { NeighbourUnavailable } from '../ports/neighbour-unavailable';
import type { PurchaseSpend } from '../ports/purchase-spend';
import type { TenantPolicies } from '../ports/tenant-policies';
import type { Tx } from '../ports/unit-of-work';
import { userError } from '../user-error';
import type { UserError } from '../user-error';

/** The policy of the caller's tenant, asked for before any transaction; null: it is not known, and nothing can be bought. */
export async function policyFor(policies: TenantPolicies, caller: Caller): Promise<PurchasePolicy | null> {
  if (caller.kind !== 'user') return EVERYTHING_ALLOWED;
  try {
    return await policies.of(caller.tenantId);
  } catch (error) {
    if (error instanceof NeighbourUnavailable) return null;
    throw error;
  }
}

/** Everything in the tenant's policy that keeps the purchase from being made (domain-rules, "Purchase policy"). */
export async function policyProblems(tx: Tx, spend: PurchaseSpend, policy: PurchasePolicy | null, currency: CurrencyCode | null, totals: Totals | null): Promise<UserError[]> {
  if (policy === null) return [userError('TEMPORARILY_UNAVAILABLE', 'Your organisation’s purchase policy cannot be asked for at the moment. Nothing was placed; try again.')];
  if (currency === null) return [];
  if (!isAllowed(policy, currency)) {
    const allowed = policy.allowedCurrencies?.join(', ') ?? '';
    return [userError('CURRENCY_NOT_ALLOWED', `Your organisation does not buy in ${currency}, only in: ${allowed}.`, ['input', 'currency'], { allowed })];
  }
  if (totals === null) return [];
  const spentMinor = capOf(policy, currency).perMonthMinor === null ? 0n : await spend.inMonth(tx, currency);
  return brokenCaps(policy, totals.total, spentMinor).map((broken) => capExceeded(broken, totals.total));
}

export function capExceeded({ per, capMinor }: BrokenCap, total: Money): UserError {
  const cap = toDecimal(money(capMinor, total.currency));
  const what = per === 'order' ? 'for one order' : 'for all orders of a calendar month';
  return userError('PURCHASE_CAP_EXCEEDED', `Your organisation’s cap ${what} is ${cap} ${total.currency}; this order of ${toDecimal(total)} would pass it.`, ['input', 'lines'], {
    per, cap, total: toDecimal(total), currency: total.currency,
  });
}
