import type { DemoOrderQuery, DemoOrderStatusSubscription } from './operations/generated';

export type StatusChange = DemoOrderStatusSubscription['orderStatusChanged'];
type Order = NonNullable<DemoOrderQuery['order']>;

/** "12:30:00.123    +45 ms  AWAITING_PAYMENT    PAYMENT     We are waiting …": when, how long since the first, what. */
export function timelineRow({ at, status, step, message }: StatusChange, firstAt: string): string {
  const elapsedMs = Date.parse(at) - Date.parse(firstAt);
  return `  ${at.slice(11, 23)}  ${`+${elapsedMs} ms`.padStart(9)}  ${status.padEnd(18)}  ${step.padEnd(10)}  ${message}`;
}

/** What the buyer has in the end: the order, and each licence with its seats. */
export function outcome({ number, status, total, licenses }: Order): string[] {
  return [
    `  order ${number}: ${total.amount} ${total.currency}, ${status}`,
    ...licenses.map(({ id, state, course, seats }) => {
      const states = seats.edges.map(({ node }) => `${node.state}${node.enrollment ? ` (enrollment ${node.enrollment.id})` : ''}`);
      return `  licence ${id}: ${state}, “${course.title}”; seat ${states.join(', ')}`;
    }),
  ];
}
