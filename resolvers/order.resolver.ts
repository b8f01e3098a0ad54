import { Arg, Ctx, FieldResolver, ID, Int, Mutation, Query, Resolver, Root } from 'type-graphql';
import type { OrderFilter as Filter } from '../src/application/ports/readers';
import { orderProgress } from '../src/application/order/order-progress';
import type { OrderStep } from '../src/application/order/order-progress';
import type { License } from '../src/domain/license/license';
import type { Order, OrderLine, Refund } from '../src/domain/order/order';
import type { Storefront } from '../src/domain/storefront/storefront';
import { Authenticated } from './authenticated';
import { filterId, filterOf, filterText, loadById } from './ids';
import type { OperationContext } from './operation-context';
import { connection, emptyConnection, pageRequest } from './paging';
import { placeOrderRequest } from './place-order-request';
import type { ConnectionOf } from './types/connection';
import { LicenseType } from './types/license';
import { OrderConnection, OrderLineType, OrderPayload, OrderStepType, OrderType, RefundType } from './types/order';
import { OrderFilter, PlaceOrderInput } from './types/order-inputs';
import { AFTER, firstOf } from './types/page-arguments';
import { PaymentType, reference, TaxRecordType, TenantType, UserType } from './types/references';
import { UrlScalar } from './types/scalars';
import { StorefrontType } from './types/storefront';
import { payload } from './types/user-error';
import type { Payload } from './types/user-error';

interface Reference {
  readonly id: string;
}

@Resolver(() => OrderType)
export class OrderResolver {
  @Authenticated()
  @Query(() => OrderType, { nullable: true, description: 'One order; null where there is none that the caller may see.' })
  order(@Ctx() { loaders }: OperationContext, @Arg('id', () => ID, { description: 'The order’s id.' }) id: string): Promise<Order | null> {
    return loadById(loaders.order, id);
  }

  @Authenticated()
  @Query(() => OrderConnection, { nullable: true, description: 'Orders, newest first: a buyer’s own, for an organisation’s administrators all of the organisation’s, for platform administrators everybody’s.' })
  async orders(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('filter', () => OrderFilter, { nullable: true, description: 'Which orders; left out: all.' }) input?: OrderFilter | null,
  ): Promise<ConnectionOf<Order>> {
    const page = pageRequest({ first, after }, 20);
    const filter = filterFrom(input ?? {});
    if (filter === null) return emptyConnection(page);
    const { orders } = context.application.readers;
    const read = await context.read((tx) => orders.page(tx, filter, page));
    return connection(read, page, () => context.read((tx) => orders.count(tx, filter)));
  }

  @Authenticated()
  @Mutation(() => OrderPayload, { description: 'Places an order. It answers as soon as the order is stored; payment, licences and enrollment follow: watch them by `orderStatusChanged`. For buyers and organisations’ administrators.' })
  async placeOrder(@Ctx() { application, caller, loaders }: OperationContext, @Arg('input', () => PlaceOrderInput, { description: 'The checkout.' }) input: PlaceOrderInput): Promise<Payload<'order', Order>> {
    const request = placeOrderRequest(input);
    const result = request.ok ? await application.orders.placeOrder(caller, request.value) : request;
    return payload('order', result, (id) => loaders.order.load(id));
  }

  @Authenticated()
  @Mutation(() => OrderPayload, { description: 'Takes an order back that awaits its payment. For its buyer and the organisation’s administrators.' })
  async cancelOrder(@Ctx() { application, caller, loaders }: OperationContext, @Arg('id', () => ID, { description: 'The order.' }) id: string): Promise<Payload<'order', Order>> {
    return payload('order', await application.orders.cancelOrder(caller, id), (orderId) => loaders.order.clear(orderId).load(orderId));
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Who placed it; null where that person was forgotten by law.' })
  buyer(@Root() { buyerId }: Order): Reference | null {
    return reference(buyerId);
  }

  @FieldResolver(() => TenantType, { description: 'The organisation that it was placed for.' })
  tenant(@Root() { tenantId }: Order): Reference {
    return { id: tenantId };
  }

  @FieldResolver(() => StorefrontType, { nullable: true, description: 'The storefront that it was placed in; null: in none.' })
  async storefront(@Root() { storefrontId }: Order, @Ctx() { loaders }: OperationContext): Promise<Storefront | null> {
    return storefrontId && loaders.storefront.load(storefrontId);
  }

  @FieldResolver(() => [OrderLineType], { description: 'What was bought, in the order of the checkout.' })
  lines(@Root() { id }: Order, @Ctx() { loaders }: OperationContext): Promise<readonly OrderLine[]> {
    return loaders.orderLines.load(id);
  }

  @FieldResolver(() => PaymentType, { nullable: true, description: 'Its payment at billing; null while there is none, and where nothing was to be paid.' })
  async payment(@Root() { id }: Order, @Ctx() { loaders }: OperationContext): Promise<Reference | null> {
    return reference((await loaders.orderPayments.load(id))[0]?.paymentId);
  }

  @FieldResolver(() => UrlScalar, { nullable: true, description: 'Billing’s payment page, while the payment needs the buyer.' })
  async paymentUrl(@Root() { id, status }: Order, @Ctx() { loaders }: OperationContext): Promise<string | null> {
    return status === 'AWAITING_PAYMENT' ? ((await loaders.orderPayments.load(id))[0]?.paymentUrl ?? null) : null;
  }

  @FieldResolver(() => TaxRecordType, { nullable: true, description: 'The tax on its payment; null until billing has worked it out.' })
  async tax(@Root() { id }: Order, @Ctx() { loaders }: OperationContext): Promise<Reference | null> {
    return reference((await loaders.orderPayments.load(id))[0]?.taxRecordId);
  }

  @FieldResolver(() => [LicenseType], { description: 'The licences that its lines became; empty until it is paid.' })
  licenses(@Root() { id }: Order, @Ctx() { loaders }: OperationContext): Promise<readonly License[]> {
    return loaders.orderLicenses.load(id);
  }

  @FieldResolver(() => [RefundType], { description: 'Money that goes or went back, oldest first.' })
  refunds(@Root() { id }: Order, @Ctx() { loaders }: OperationContext): Promise<readonly Refund[]> {
    return loaders.orderRefunds.load(id);
  }

  @FieldResolver(() => [OrderStepType], { description: 'The steps of the purchase, in their order, each with how far it is.' })
  async progress(@Root() order: Order, @Ctx() { loaders }: OperationContext): Promise<OrderStep[]> {
    const [purchase, lines] = await Promise.all([loaders.orderSaga.load(order.id), loaders.orderLines.load(order.id)]);
    return purchase === null ? [] : orderProgress({ order, lines, ...purchase });
  }
}

function filterFrom({ statuses, placedAfter, placedBefore, listingId, number, purchaseReference, buyerId, tenantId }: Partial<OrderFilter>): Filter | null {
  return filterOf<Filter>({
    statuses: statuses ?? undefined, placedAfter: placedAfter ?? undefined, placedBefore: placedBefore ?? undefined,
    listingId: filterId(listingId), buyerId: filterId(buyerId), tenantId: filterId(tenantId),
    subscriptionId: undefined, number: filterText(number), purchaseReference: filterText(purchaseReference),
  });
}
