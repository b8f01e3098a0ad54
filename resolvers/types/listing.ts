import { Directive, Field, ID, InputType, Int, ObjectType } from 'type-graphql';
import { AS_PARENT } from '../cached';
import type { ListingStatus as Status } from '../../src/domain/listing/listing';
import { connectionTypes } from './connection';
import type { PlanKind } from '../../src/domain/pricing/plan';
import type { BillingInterval as Interval } from '../../src/domain/pricing/plan';
import { BillingInterval, ListingStatus, PricingPlanKind } from './enums';
import { MoneyInput, MoneyType } from './money';
import { PricingPlanType } from './plan';
import { UserType } from './references';
import { CurrencyCodeScalar, DateTimeScalar, UrlScalar } from './scalars';
import { payloadType } from './user-error';

@Directive(AS_PARENT)
@ObjectType('Asset', { description: 'An image of a listing or a storefront.' })
export class AssetType {
  @Field(() => UrlScalar, { description: 'Where the image is.' })
  url!: string;

  @Field(() => String, { description: 'What it shows, for those who cannot see it.' })
  alt!: string;

  @Field(() => Int, { nullable: true, description: 'Its width in pixels, where known.' })
  width!: number | null;

  @Field(() => Int, { nullable: true, description: 'Its height in pixels, where known.' })
  height!: number | null;
}

@Directive(AS_PARENT)
@Directive('@key(fields: "id")')
@ObjectType('Listing', { description: 'What a provider offers: one exact version of a course, with its marketing copy and its plans.' })
export class ListingType {
  @Field(() => ID, { description: 'The id of the listing.' })
  id!: string;

  @Field(() => ID, { description: 'The exact course version that is sold.' })
  courseVersionId!: string;

  @Field(() => String, { description: 'The name under which it is sold.' })
  title!: string;

  @Field(() => String, { nullable: true, description: 'A line that goes with the title.' })
  tagline!: string | null;

  @Field(() => String, { description: 'What buyers should know, in Markdown.' })
  description!: string;

  @Field(() => AssetType, { nullable: true, description: 'The image at the top.' })
  heroImage!: AssetType | null;

  @Field(() => [AssetType], { description: 'Further images, in the order in which they are shown.' })
  screenshots!: AssetType[];

  @Field(() => [String], { description: 'Words by which it can be found, in lower case.' })
  tags!: string[];

  @Field(() => Boolean, { description: 'Whether the platform puts it forward.' })
  featured!: boolean;

  @Field(() => ListingStatus, { description: 'Where it is on its way to being sold.' })
  status!: Status;

  @Field(() => Int, { description: 'Grows by one with each change, except of its plans: the `expectedVersion` of mutations.' })
  version!: number;

  @Field(() => DateTimeScalar, { description: 'When it was created.' })
  createdAt!: Date;

  @Field(() => DateTimeScalar, { description: 'When it last changed, apart from its plans.' })
  updatedAt!: Date;

  @Field(() => DateTimeScalar, { nullable: true, description: 'When it went live; null: it never has.' })
  liveAt!: Date | null;
}

@ObjectType('ListingTransition', { description: 'An entry of a listing’s history; a change that leaves the status has `from` equal to `to`.' })
export class ListingTransitionType {
  @Field(() => ListingStatus, { nullable: true, description: 'The status before; null: the listing was created.' })
  from!: Status | null;

  @Field(() => ListingStatus, { description: 'The status afterwards.' })
  to!: Status;

  @Field(() => String, { nullable: true, description: 'What was given as the reason.' })
  reason!: string | null;

  @Field(() => UserType, { nullable: true, description: 'Who did it; null where that person was forgotten by law.' })
  actor!: UserType | null;

  @Field(() => DateTimeScalar, { description: 'When it happened.' })
  at!: Date;
}

@Directive(AS_PARENT)
@ObjectType('PriceFrom', { description: 'The lowest price, as “from …” shows it.' })
export class PriceFromType {
  @Field(() => MoneyType, { description: 'The price; of one seat, rounded to the currency’s digits, where `perSeat` is true.' })
  price!: MoneyType;

  @Field(() => PricingPlanType, { description: 'The plan that offers it.' })
  plan!: PricingPlanType;

  @Field(() => Boolean, { description: 'Whether the plan brings several seats and `price` is that of one of them.' })
  perSeat!: boolean;

  @Field(() => BillingInterval, { nullable: true, description: 'Of a subscription: the interval that `price` is for; null: a single payment.' })
  per!: Interval | null;
}

@InputType({ description: 'Which listings to show. What is given must all be true.' })
export class ListingFilter {
  @Field(() => ID, { nullable: true, description: 'Only listings of this course.' })
  courseId?: string | null;

  @Field(() => ID, { nullable: true, description: 'Only listings of this provider.' })
  providerId?: string | null;

  @Field(() => String, { nullable: true, description: 'Only listings that are found by these words. Best first with `sort: RELEVANCE`.' })
  search?: string | null;

  @Field(() => [String], { nullable: true, description: 'Only listings with all of these tags.' })
  tags?: string[] | null;

  @Field(() => [PricingPlanKind], { nullable: true, description: 'Only listings with an active plan of one of these kinds; one in `currency`, and for at most `maxPrice`, where those are given.' })
  kinds?: PlanKind[] | null;

  @Field(() => CurrencyCodeScalar, { nullable: true, description: 'Only listings with an active plan that has a price in this currency. Needed for `maxPrice` and for sorting by price.' })
  currency?: string | null;

  @Field(() => MoneyInput, { nullable: true, description: 'Only listings with an active plan for at most this, in `currency`; a plan with several seats counts by the price of one, as in `lowestPrice`.' })
  maxPrice?: MoneyInput | null;

  @Field(() => Boolean, { nullable: true, description: 'Only listings that are put forward, or only those that are not.' })
  featured?: boolean | null;

  @Field(() => String, { nullable: true, description: 'Only listings that the storefront with this slug sells.' })
  storefrontSlug?: string | null;

  @Field(() => [ListingStatus], { nullable: true, description: 'Only listings with one of these statuses. Honoured for the owning provider and platform administrators; everybody else sees live listings.' })
  statuses?: Status[] | null;
}

export const { Connection: ListingConnection, Edge: ListingEdge } = connectionTypes('Listing', 'listings', () => ListingType);
export const ListingPayload = payloadType('Listing', 'listing', 'a listing', () => ListingType);
