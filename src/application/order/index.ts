import type { OrderUseCases } from '../application';
import { quote } from '../pricing/quote-request';
import { cancelOrder } from './cancel-order';
import type { OrderDependencies } from './order-dependencies';
import { placeOrder } from './place-order';

export function orderUseCases(dependencies: OrderDependencies): OrderUseCases {
  return { placeOrder: placeOrder(dependencies), cancelOrder: cancelOrder(dependencies), quote: quote(dependencies) };
}
