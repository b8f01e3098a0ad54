import { Directive, Field, ID, InputType, ObjectType } from 'type-graphql';
import type { PayoutStatus as Status } from '../../src/domain/payout/payout';
import { connectionTypes } from './connection';
import { PayoutStatus } from './enums';
import { MoneyType } from './money';
import { CurrencyCodeScalar, DateScalar, DateTimeScalar, DecimalScalar, UrlScalar } from './scalars';
import { UserErrorType } from './user-error';
import type { UserErrorView } from './user-error';

@ObjectType('PayoutSource', { description: 'What was available in one currency, and what it came to in the payout. Negative where more went back than came in: it nets off.' })
export class PayoutSourceType {
  @Field(() => MoneyType, { description: 'The balance that was available.' })
  balance!: MoneyType;

  @Field(() => DecimalScalar, { description: 'Units of the payout’s currency for one of the balance’s; locked with the payout. "1" in its own currency.' })
  rate!: string;

  @Field(() => DateTimeScalar, { description: 'As of when the rate was.' })
  rateAsOf!: Date;

  @Field(() => MoneyType, { description: 'The balance at that rate, rounded half up at the minor unit.' })
  converted!: MoneyType;
}

@Directive('@key(fields: "id")')
@ObjectType('Payout', { description: 'One payment of earnings to a provider. The provider and platform administrators see it.' })
export class PayoutType {
  @Field(() => ID, { description: 'The id of the payout; at Stripe, the transfer group.' })
  id!: string;

  @Field(() => PayoutStatus, { description: 'How far it is.' })
  status!: Status;

  @Field(() => MoneyType, { description: 'What is transferred: the sum of what its sources were converted to.' })
  amount!: MoneyType;

  @Field(() => [PayoutSourceType], { description: 'The balances that it is made of, that in its own currency first.' })
  sources!: PayoutSourceType[];

  @Field(() => String, { nullable: true, description: 'Why Stripe refused it; null unless it FAILED.' })
  failureMessage!: string | null;

  @Field(() => DateScalar, { description: 'The day whose batch it belongs to; it is transferred from then on.' })
  scheduledFor!: string;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When the transfer was certain; null unless it is PAID.' })
  paidAt!: Date | null;
}

@ObjectType('PayoutAccount', { description: 'Where a provider is paid: its own account at Stripe.' })
export class PayoutAccountType {
  @Field(() => String, { description: 'Its id at Stripe.' })
  stripeAccountId!: string;

  @Field(() => CurrencyCodeScalar, { description: 'The currency that it is paid in; earnings in others are exchanged.' })
  currency!: string;

  @Field(() => Boolean, { description: 'Whether Stripe has verified that the account is the provider’s.' })
  payoutsEnabled!: boolean;

  @Field(() => DateTimeScalar, { nullable: true, description: 'Until when nothing is paid to the account because it is new; null once that is over.' })
  heldUntil!: Date | null;

  @Field(() => DateScalar, { description: 'The next monthly day on which it can be paid.' })
  nextPayoutOn!: string;
}

@InputType({ description: 'What Stripe’s onboarding needs to know.' })
export class PayoutOnboardingInput {
  @Field(() => CurrencyCodeScalar, { description: 'The currency to be paid in. It stays that of the account.' })
  currency!: string;

  @Field(() => UrlScalar, { description: 'Where Stripe sends the provider afterwards.' })
  returnUrl!: string;

  @Field(() => UrlScalar, { description: 'Where Stripe sends the provider when the link has expired, to get a new one.' })
  refreshUrl!: string;
}

@ObjectType({ description: 'What became of asking for an onboarding link.' })
export class PayoutOnboardingPayload {
  @Field(() => UrlScalar, { nullable: true, description: 'Stripe’s own page, for this provider and a short while; null when it was refused.' })
  url!: string | null;

  @Field(() => PayoutAccountType, { nullable: true, description: 'The account; null when it was refused.' })
  account!: unknown;

  @Field(() => [UserErrorType], { description: 'Why it was refused; empty when it was done.' })
  userErrors!: readonly UserErrorView[];
}

@ObjectType({ description: 'What became of running payouts.' })
export class PayoutsPayload {
  @Field(() => [PayoutType], { description: 'Every payout of the day, those of earlier runs too; empty when it was refused.' })
  payouts!: readonly unknown[];

  @Field(() => [UserErrorType], { description: 'Why nobody was paid who should have been; empty when it was done, also where nobody had enough to be paid.' })
  userErrors!: readonly UserErrorView[];
}

export const { Connection: PayoutConnection, Edge: PayoutEdge } = connectionTypes('Payout', 'payouts', () => PayoutType);
