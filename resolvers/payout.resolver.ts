import { Arg, Ctx, Directive, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { hasRole } from '../src/application/actor';
import type { AccountView } from '../src/application/payout/payout-accounts';
import type { LedgerLine } from '../src/application/ports/earnings-reader';
import type { Payout } from '../src/domain/payout/payout';
import { statementCsv } from '../src/domain/payout/statement';
import { Authenticated } from './authenticated';
import { loadById } from './ids';
import type { OperationContext } from './operation-context';
import { connection, pageRequest } from './paging';
import type { ConnectionOf } from './types/connection';
import { LedgerEntryConnection } from './types/earnings';
import { AFTER, firstOf } from './types/page-arguments';
import { PayoutAccountType, PayoutConnection, PayoutOnboardingInput, PayoutOnboardingPayload, PayoutsPayload, PayoutType } from './types/payout';
import { reference, TenantType } from './types/references';
import { OPERATOR } from './types/saga';
import { DateScalar } from './types/scalars';
import { userErrorViews } from './types/user-error';

@Resolver(() => PayoutType)
export class PayoutResolver {
  @Authenticated()
  @Query(() => PayoutType, { nullable: true, description: 'One payout; null where there is none that the caller may see.' })
  payout(@Ctx() { loaders }: OperationContext, @Arg('id', () => ID, { description: 'The payout’s id.' }) id: string): Promise<Payout | null> {
    return loadById(loaders.payout, id);
  }

  @Authenticated()
  @Query(() => PayoutConnection, { nullable: true, description: 'The provider’s payouts, newest first; for platform administrators everybody’s. Null for anybody else.' })
  async payouts(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<ConnectionOf<Payout> | null> {
    const { caller, application: { readers: { payouts } } } = context;
    if (caller.kind !== 'user' || !(hasRole(caller, 'provider') || hasRole(caller, 'platform_admin'))) return null;
    const provider = hasRole(caller, 'platform_admin') ? undefined : caller.tenantId;
    const page = pageRequest({ first, after }, 20);
    return connection(await context.read((tx) => payouts.page(tx, provider, page)), page, () => context.read((tx) => payouts.count(tx, provider)));
  }

  @Authenticated()
  @Query(() => PayoutAccountType, { nullable: true, description: 'Where the provider is paid; null before its first onboarding link, and for everybody but providers.' })
  async payoutAccount(@Ctx() { application, caller }: OperationContext): Promise<object | null> {
    return accountView(await application.payouts.account(caller));
  }

  @Authenticated()
  @Mutation(() => PayoutOnboardingPayload, { description: 'A link to Stripe’s own page, on which the provider proves that an account is theirs; makes the account when there is none. For providers.' })
  async createPayoutOnboardingLink(@Ctx() { application, caller }: OperationContext, @Arg('input', () => PayoutOnboardingInput, { description: 'The currency, and where to go afterwards.' }) input: PayoutOnboardingInput): Promise<object> {
    const link = await application.payouts.createOnboardingLink(caller, input);
    if (!link.ok) return { url: null, account: null, userErrors: userErrorViews(link.errors) };
    return { url: link.value, account: accountView(await application.payouts.account(caller)), userErrors: [] };
  }

  @Authenticated()
  @Directive(OPERATOR)
  @Mutation(() => PayoutsPayload, { description: 'Pays every provider what is available, out of turn; repeated for a day, it pays whoever was not. For platform administrators.' })
  async runPayouts(@Ctx() context: OperationContext, @Arg('scheduledFor', () => DateScalar, { description: 'The day of the batch, at most 31 days ahead; transfers begin when it has come.' }) scheduledFor: string): Promise<object> {
    const { application, caller } = context;
    const run = await application.payouts.runPayouts(caller, scheduledFor);
    if (!run.ok) return { payouts: [], userErrors: userErrorViews(run.errors) };
    return { payouts: await context.read((tx) => application.readers.payouts.ofDay(tx, run.value)), userErrors: [] };
  }

  @FieldResolver(() => TenantType, { description: 'Who is paid.' })
  provider(@Root() { providerTenantId }: Payout): { readonly id: string } | null {
    return reference(providerTenantId);
  }

  @FieldResolver(() => LedgerEntryConnection, { description: 'Every earning and every reversal that it pays, oldest first.' })
  async entries(
    @Root() { id }: Payout,
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(50)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
  ): Promise<ConnectionOf<LedgerLine>> {
    const { payouts } = context.application.readers;
    const page = pageRequest({ first, after }, 50);
    return connection(await context.read((tx) => payouts.entryPage(tx, id, page)), page, () => context.read((tx) => payouts.entryCount(tx, id)));
  }

  @FieldResolver(() => String, { description: 'Every entry behind it with its part of the payout, as CSV (RFC 4180). The last column adds up to `amount` to the cent; the last line is that total.' })
  async statementCsv(@Root() payout: Payout, @Ctx() context: OperationContext): Promise<string> {
    return statementCsv(payout, await context.read((tx) => context.application.readers.payouts.statement(tx, payout.id)));
  }
}

function accountView(account: AccountView | null): object | null {
  return account && { ...account, heldUntil: account.held ? account.heldUntil : null };
}
