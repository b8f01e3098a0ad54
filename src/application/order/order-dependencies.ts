import type { SagaEngine } from '../saga/engine';
import type { IdempotencyAnswers } from '../ports/idempotency-answers';
import type { CouponStore } from '../ports/coupons';
import type { OrderStore } from '../ports/orders';
import type { Outbox } from '../ports/outbox';
import type { ProviderSales } from '../ports/provider-sales';
import type { PurchaseSpend } from '../ports/purchase-spend';
import type { SubscriptionStore } from '../ports/subscriptions';
import type { TenantPolicies } from '../ports/tenant-policies';
import type { UnitOfWork } from '../ports/unit-of-work';
import type { PricingReaders } from '../pricing/price-request';
import type { PurchaseProtocol } from './purchase-protocol';

/** What the order use cases are made of. */
export interface OrderDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly readers: PricingReaders;
  readonly orders: OrderStore;
  readonly sales: ProviderSales;
  readonly coupons: CouponStore;
  readonly spend: PurchaseSpend;
  readonly subscriptions: Pick<SubscriptionStore, 'reserveTrials'>;
  readonly policies: TenantPolicies;
  readonly outbox: Outbox;
  readonly purchases: SagaEngine<PurchaseProtocol>;
  readonly answers: IdempotencyAnswers;
}
