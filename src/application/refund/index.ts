import type { RefundUseCases } from '../application';
import type { RefundDependencies } from './refund-dependencies';
import { refundOrder } from './refund-order';
import { requestRefund } from './request-refund';

export function refundUseCases(dependencies: RefundDependencies): RefundUseCases {
  return { requestRefund: requestRefund(dependencies), refundOrder: refundOrder(dependencies) };
}
