import type { OrderStore } from '../ports/orders';
import type { PaymentStore } from '../ports/payments';
import type { OrderReader } from '../ports/readers';
import type { RefundStore } from '../ports/refunds';
import type { UnitOfWork } from '../ports/unit-of-work';
import type { PurchaseProtocol } from '../order/purchase-protocol';
import type { SagaEngine } from '../saga/engine';
import type { RenewalProtocol } from '../subscription/renewal-protocol';
import type { RefundProtocol } from './refund-protocol';

/** What the refund use cases are made of. */
export interface RefundDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly readers: { readonly orders: OrderReader };
  readonly orders: OrderStore;
  readonly payments: PaymentStore;
  readonly refunds: RefundStore;
  readonly purchases: SagaEngine<PurchaseProtocol>;
  readonly renewals: Pick<SagaEngine<RenewalProtocol>, 'lock'>;
  readonly engine: SagaEngine<RefundProtocol>;
}
