import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import { hasRole } from '../src/application/actor';
import type { CouponFilter } from '../src/application/ports/readers';
import type { Coupon } from '../src/domain/coupon/coupon';
import type { Money } from '../src/domain/money';
import { Authenticated } from './authenticated';
import { filterOf, filterText } from './ids';
import type { OperationContext } from './operation-context';
import { connection, emptyConnection, pageRequest } from './paging';
import type { ConnectionOf } from './types/connection';
import { COUPON_TEXTS, CouponConnection, CouponPayload, CouponType, CreateCouponInput } from './types/coupon';
import { MoneyType } from './types/money';
import { AFTER, firstOf } from './types/page-arguments';
import { reference, TenantType } from './types/references';
import { DecimalScalar } from './types/scalars';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

@Resolver(() => CouponType)
export class CouponResolver {
  @Authenticated()
  @Query(() => CouponConnection, { nullable: true, description: 'The provider’s own coupons, newest first; for platform administrators everybody’s. Null for anybody else.' })
  async coupons(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('code', () => String, { nullable: true, description: 'Only the coupon with this code, without regard to case.' }) code?: string | null,
  ): Promise<ConnectionOf<Coupon> | null> {
    const { caller, application: { readers: { coupons } } } = context;
    if (!hasRole(caller, 'provider') && !hasRole(caller, 'platform_admin')) return null;
    const page = pageRequest({ first, after }, 20);
    const filter = filterOf<CouponFilter>({ code: filterText(code) });
    if (filter === null) return emptyConnection(page);
    return connection(await context.read((tx) => coupons.page(tx, filter, page)), page, () => context.read((tx) => coupons.count(tx, filter)));
  }

  @Authenticated()
  @Mutation(() => CouponPayload, { description: 'Gives a coupon, valid at once unless it says otherwise. For providers; those that the platform bears, for platform administrators.' })
  async createCoupon(@Ctx() { application, caller, loaders }: OperationContext, @Arg('input', () => CreateCouponInput, { description: 'The coupon.' }) input: CreateCouponInput): Promise<Payload<'coupon', Coupon>> {
    return payload('coupon', await application.coupons.createCoupon(caller, input), (id) => loaders.coupon.load(id));
  }

  @Authenticated()
  @Mutation(() => CouponPayload, { description: 'Switches a coupon off for good; orders that have it already keep it. For the provider who gave it, and platform administrators.' })
  async deactivateCoupon(@Ctx() { application, caller, loaders }: OperationContext, @Arg('id', () => ID, { description: 'The coupon.' }) id: string): Promise<Payload<'coupon', Coupon>> {
    return payload('coupon', await application.coupons.deactivateCoupon(caller, id), (couponId) => loaders.coupon.clear(couponId).load(couponId));
  }

  @FieldResolver(() => TenantType, { nullable: true, description: 'The provider who gave it; null: the platform did.' })
  provider(@Root() { providerTenantId }: Coupon): { readonly id: string } | null {
    return reference(providerTenantId);
  }

  @FieldResolver(() => DecimalScalar, { nullable: true, description: COUPON_TEXTS.percentOff })
  percentOff(@Root() { off }: Coupon): string | null {
    return off.kind === 'percent' ? (off.hundredths / 100).toString() : null;
  }

  @FieldResolver(() => MoneyType, { nullable: true, description: COUPON_TEXTS.amountOff })
  amountOff(@Root() { off }: Coupon): Money | null {
    return off.kind === 'amount' ? off.amount : null;
  }
}
