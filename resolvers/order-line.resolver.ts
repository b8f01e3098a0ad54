import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import type { Listing } from '../src/domain/listing/listing';
import type { OrderLine } from '../src/domain/order/order';
import type { PricingPlan } from '../src/domain/pricing/plan';
import type { OperationContext } from './operation-context';
import { CourseType } from './types/course';
import { ListingType } from './types/listing';
import { OrderLineType } from './types/order';
import { PricingPlanType } from './types/plan';

@Resolver(() => OrderLineType)
export class OrderLineResolver {
  @FieldResolver(() => ListingType, { nullable: true, description: 'The listing, as it is today.' })
  listing(@Root() { listingId }: OrderLine, @Ctx() { loaders }: OperationContext): Promise<Listing | null> {
    return loaders.listing.load(listingId);
  }

  @FieldResolver(() => PricingPlanType, { nullable: true, description: 'The plan, as it is today; `terms` are what was bought.' })
  plan(@Root() { planId }: OrderLine, @Ctx() { loaders }: OperationContext): Promise<PricingPlan | null> {
    return loaders.plan.load(planId);
  }

  @FieldResolver(() => CourseType, { description: 'The course that was bought.' })
  course(@Root() { courseId }: OrderLine): { readonly id: string } {
    return { id: courseId };
  }
}
