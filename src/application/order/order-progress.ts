import { ORDER_STEPS } from '../../domain/order/order';
import type { Order, OrderLine, OrderStepName } from '../../domain/order/order';
import { orderStepOf } from '../../domain/order/order-step';
import { hasEnded } from '../saga/instance';
import { causeOf } from '../saga/operation';
import type { SagaSnapshot, SagaTransitionRecord } from '../saga/records';

export const ORDER_STEP_STATES = ['PENDING', 'RUNNING', 'DONE', 'FAILED', 'COMPENSATING', 'COMPENSATED', 'SKIPPED'] as const;
export type OrderStepState = (typeof ORDER_STEP_STATES)[number];

/** A step of the purchase as its buyer may see it. */
export interface OrderStep {
  readonly name: OrderStepName;
  readonly state: OrderStepState;
  readonly startedAt: Date | null;
  readonly finishedAt: Date | null;
  /** Until when the outcome of the step under way is waited for. */
  readonly deadline: Date | null;
}

/** What the progress is read from: the order, its lines, and its saga with every stored transition, oldest first. */
export interface PurchaseSoFar {
  readonly order: Pick<Order, 'source' | 'total' | 'failureReason' | 'placedAt'>;
  readonly lines: readonly Pick<OrderLine, 'learnerIds' | 'terms'>[];
  readonly saga: Pick<SagaSnapshot, 'state' | 'step' | 'deadline'>;
  readonly transitions: readonly Pick<SagaTransitionRecord, 'fromStep' | 'toState' | 'toStep' | 'cause' | 'at'>[];
}

const KEPT_BY_OPERATOR = causeOf({ kind: 'resolve', outcome: 'FULFIL' });

type Moment = PurchaseSoFar['transitions'][number];

/** Contract `Order.progress`: the saga's five steps, each with how far it is and since when. */
export function orderProgress(purchase: PurchaseSoFar): OrderStep[] {
  const kept = purchase.transitions.find(({ cause }) => cause === KEPT_BY_OPERATOR);
  if (kept) return keptAfterAll(purchase, kept.at);
  const turn = purchase.transitions.findIndex(({ toState }) => isTakingBack(toState));
  return turn === -1 ? goingForward(purchase) : takenBack(purchase, turn);
}

/** Taken back at first, then kept by an operator's decision: done, all at once. */
function keptAfterAll(purchase: PurchaseSoFar, finishedAt: Date): OrderStep[] {
  return ORDER_STEPS.map((name, position) => needless(purchase, name)
    ? step(name, 'SKIPPED')
    : step(name, 'DONE', { startedAt: startOf(purchase, position, purchase.transitions) ?? finishedAt, finishedAt }));
}

function goingForward(purchase: PurchaseSoFar): OrderStep[] {
  const { saga, transitions } = purchase;
  const ended = hasEnded(saga.state);
  const current = positionOf(saga.step);
  return ORDER_STEPS.map((name, position) => {
    if (needless(purchase, name)) return step(name, 'SKIPPED');
    if (position > current) return step(name, 'PENDING');
    const startedAt = startOf(purchase, position, transitions);
    if (position === current && !ended) return step(name, 'RUNNING', { startedAt, deadline: saga.deadline });
    return step(name, 'DONE', { startedAt, finishedAt: endOf(position, transitions) });
  });
}

/** From the turn on, steps are undone from the last one reached back to the first. */
function takenBack(purchase: PurchaseSoFar, turn: number): OrderStep[] {
  const { saga, transitions } = purchase;
  const forward = transitions.slice(0, turn);
  const backward = transitions.slice(turn);
  const failed = failedPosition(purchase, backward[0]);
  const underWay = hasEnded(saga.state) ? -1 : positionOf(saga.step);
  return ORDER_STEPS.map((name, position) => {
    if (position > failed || needless(purchase, name)) return step(name, 'SKIPPED');
    const startedAt = startOf(purchase, position, forward) ?? backward[0]?.at ?? null;
    if (position === underWay) return step(name, 'COMPENSATING', { startedAt, deadline: saga.deadline });
    const undoneAt = backward.find(({ toState, toStep }) => toState === 'COMPENSATED' || positionOf(toStep) < position)?.at ?? null;
    if (position === failed && purchase.order.failureReason !== null) return step(name, 'FAILED', { startedAt, finishedAt: undoneAt });
    if (undoneAt !== null || hasEnded(saga.state)) return step(name, 'COMPENSATED', { startedAt, finishedAt: undoneAt });
    return step(name, position === failed ? 'FAILED' : 'DONE', { startedAt, finishedAt: endOf(position, forward) });
  });
}

/** The step at which it turned. One that could not be stored left no trace of having been reached. */
function failedPosition({ order }: PurchaseSoFar, turn: Moment | undefined): number {
  return order.failureReason === 'LICENSING_FAILED' ? ORDER_STEPS.indexOf('LICENSING') : positionOf(turn?.fromStep ?? 'reserve');
}

/** Nothing to pay and no mandate to set up, or nobody to enroll; a renewal licenses nobody anew. */
function needless({ order, lines }: PurchaseSoFar, name: OrderStepName): boolean {
  if (name === 'PAYMENT') return order.total.amountMinor === 0n && (order.source === 'RENEWAL' || lines.every((line) => line.terms.kind !== 'SUBSCRIPTION'));
  if (order.source === 'RENEWAL') return name === 'LICENSING' || name === 'ENROLLMENT';
  return name === 'ENROLLMENT' && lines.every((line) => line.learnerIds.length === 0);
}

function startOf({ order }: PurchaseSoFar, position: number, transitions: readonly Moment[]): Date | null {
  return position === 0 ? order.placedAt : (transitions.find(({ toStep }) => positionOf(toStep) >= position)?.at ?? null);
}

function endOf(position: number, transitions: readonly Moment[]): Date | null {
  return transitions.find(({ toState, toStep }) => toState === 'COMPLETED' || positionOf(toStep) > position)?.at ?? null;
}

function isTakingBack(state: Moment['toState']): boolean {
  return state === 'COMPENSATING' || state === 'COMPENSATED' || state === 'STUCK';
}

function positionOf(sagaStep: string): number {
  return ORDER_STEPS.indexOf(orderStepOf(sagaStep));
}

function step(name: OrderStepName, state: OrderStepState, at: Partial<Pick<OrderStep, 'startedAt' | 'finishedAt' | 'deadline'>> = {}): OrderStep {
  return { name, state, startedAt: null, finishedAt: null, deadline: null, ...at };
}
