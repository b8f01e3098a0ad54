import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import { hasRole } from '../src/application/actor';
import type { LedgerFilter, LedgerLine, SaleFilter } from '../src/application/ports/earnings-reader';
import type { TenantId } from '../src/domain/ids';
import type { EarningsBalance, ProviderSale, SalesPoint } from '../src/domain/ledger/provider-sale';
import type { Listing } from '../src/domain/listing/listing';
import { parseCurrency } from '../src/domain/money';
import type { Money } from '../src/domain/money';
import type { Payout } from '../src/domain/payout/payout';
import { Authenticated } from './authenticated';
import { badInput } from './errors';
import { filterId, filterOf } from './ids';
import type { OperationContext } from './operation-context';
import { connection, emptyConnection, pageRequest } from './paging';
import type { ConnectionOf } from './types/connection';
import { EarningsBalanceType, LedgerEntryConnection, LedgerEntryType, ProviderSaleConnection, ProviderSaleType, SalesPointType } from './types/earnings';
import { ListingType } from './types/listing';
import { MoneyType } from './types/money';
import { PayoutType } from './types/payout';
import { AFTER, firstOf } from './types/page-arguments';
import { CurrencyCodeScalar, DateScalar, DateTimeScalar } from './types/scalars';

const MAX_DAYS = 366;
const DAY_MS = 24 * 60 * 60 * 1_000;

@Resolver(() => EarningsBalanceType)
export class EarningsResolver {
  @Authenticated()
  @Query(() => [EarningsBalanceType], { nullable: true, description: 'What the provider has earned, one balance for each currency it has sold in. Null for everybody but providers.' })
  async earnings(@Ctx() context: OperationContext): Promise<EarningsBalance[] | null> {
    const provider = providerOf(context);
    return provider && context.read((tx) => context.application.readers.earnings.balances(tx, provider));
  }

  @Authenticated()
  @Query(() => LedgerEntryConnection, { nullable: true, description: 'Every booking on the provider’s earnings, newest first. Null for everybody but providers.' })
  async ledger(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(50)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('currency', () => CurrencyCodeScalar, { nullable: true, description: 'Only bookings in this currency.' }) currency?: string | null,
  ): Promise<ConnectionOf<LedgerLine> | null> {
    const provider = providerOf(context);
    if (!provider) return null;
    const page = pageRequest({ first, after }, 50);
    const filter = filterOf<LedgerFilter>({ providerTenantId: provider, currency: currency == null ? undefined : parseCurrency(currency) });
    if (filter === null) return emptyConnection(page);
    const { earnings } = context.application.readers;
    const read = await context.read((tx) => earnings.entryPage(tx, filter, page));
    return connection(read, page, () => context.read((tx) => earnings.entryCount(tx, filter)));
  }

  @Authenticated()
  @Query(() => ProviderSaleConnection, { nullable: true, description: 'What of the provider was ordered, newest first, whatever became of it. Null for everybody but providers.' })
  async providerSales(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('listingId', () => ID, { nullable: true, description: 'Only sales of this listing.' }) listingId?: string | null,
    @Arg('placedAfter', () => DateTimeScalar, { nullable: true, description: 'Only what was ordered after this instant.' }) placedAfter?: Date | null,
    @Arg('placedBefore', () => DateTimeScalar, { nullable: true, description: 'Only what was ordered before this instant.' }) placedBefore?: Date | null,
  ): Promise<ConnectionOf<ProviderSale> | null> {
    const provider = providerOf(context);
    if (!provider) return null;
    const page = pageRequest({ first, after }, 20);
    const filter = filterOf<SaleFilter>({ providerTenantId: provider, listingId: filterId(listingId), placedAfter: placedAfter ?? undefined, placedBefore: placedBefore ?? undefined });
    if (filter === null) return emptyConnection(page);
    const { earnings } = context.application.readers;
    const read = await context.read((tx) => earnings.salePage(tx, filter, page));
    return connection(read, page, () => context.read((tx) => earnings.saleCount(tx, filter)));
  }

  @Authenticated()
  @Query(() => [SalesPointType], { nullable: true, description: `What the provider sold on each day of a period of at most ${MAX_DAYS} days, those without sales too. Null for everybody but providers.` })
  async salesByDay(
    @Ctx() context: OperationContext,
    @Arg('from', () => DateScalar, { description: 'The first day.' }) from: string,
    @Arg('to', () => DateScalar, { description: 'The last day.' }) to: string,
    @Arg('currency', () => CurrencyCodeScalar, { description: 'The currency sold in.' }) currency: string,
  ): Promise<SalesPoint[] | null> {
    const providerTenantId = providerOf(context);
    if (!providerTenantId) return null;
    const days = (Date.parse(to) - Date.parse(from)) / DAY_MS + 1;
    if (days < 1 || days > MAX_DAYS) throw badInput(`The period is from 1 to ${MAX_DAYS} days, and “to” is not before “from”.`);
    const code = parseCurrency(currency);
    if (code === null) throw badInput('“currency” is no currency that is in use.');
    return context.read((tx) => context.application.readers.earnings.salesByDay(tx, { providerTenantId, currency: code, from, to }));
  }

  @FieldResolver(() => CurrencyCodeScalar)
  currency(@Root() { pending }: EarningsBalance): string {
    return pending.currency;
  }
}

@Resolver(() => ProviderSaleType)
export class ProviderSaleResolver {
  @FieldResolver(() => ListingType, { description: 'The listing, as it is today.' })
  listing(@Root() { listingId }: ProviderSale, @Ctx() { loaders }: OperationContext): Promise<Listing | null> {
    return loaders.listing.load(listingId);
  }
}

@Resolver(() => LedgerEntryType)
export class LedgerEntryResolver {
  @FieldResolver(() => DateTimeScalar, { nullable: true, description: 'From when on it counts as available: the refund deadline of its sale.' })
  availableAt(@Root() { earning }: LedgerLine): Date | null {
    return earning?.availableAt ?? null;
  }

  @FieldResolver(() => ProviderSaleType, { nullable: true, description: 'The sale that it is about; null where it is about something else.' })
  async sale(@Root() { earning }: LedgerLine, @Ctx() { loaders }: OperationContext): Promise<ProviderSale | null> {
    return earning && loaders.providerSale.load(earning.lineId);
  }

  @FieldResolver(() => PayoutType, { nullable: true, description: 'The payout that it books, or that has paid it; null while it is not paid.' })
  async payout(@Root() { payoutId }: LedgerLine, @Ctx() { loaders }: OperationContext): Promise<Payout | null> {
    return payoutId && loaders.payout.load(payoutId);
  }

  @FieldResolver(() => MoneyType)
  platformFee(@Root() { fee }: LedgerLine): Money {
    return fee;
  }
}

/** A provider sees its own tenant's, even one who is a platform administrator too. */
function providerOf({ caller }: OperationContext): TenantId | null {
  return caller.kind === 'user' && hasRole(caller, 'provider') ? caller.tenantId : null;
}
