import type { OrderStepName } from './order';

/** The step names of purchase and renewal (frozen, F20) as the order's buyers see them. */
export const ORDER_STEP_OF_SAGA_STEP = {
  invoice: 'RESERVE', extend: 'FULFILMENT', reserve: 'RESERVE', payment: 'PAYMENT', licensing: 'LICENSING', enrollment: 'ENROLLMENT', fulfilment: 'FULFILMENT',
} as const satisfies Record<string, OrderStepName>;

export function orderStepOf(sagaStep: string): OrderStepName {
  if (sagaStep in ORDER_STEP_OF_SAGA_STEP) return ORDER_STEP_OF_SAGA_STEP[sagaStep as keyof typeof ORDER_STEP_OF_SAGA_STEP];
  throw new RangeError(`no saga of an order has a step ${sagaStep}`);
}
