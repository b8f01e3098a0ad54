import { randomUUID } from 'node:crypto';
import { connect, JSONCodec } from 'nats';
import { v7 } from 'uuid';
import { waitFor } from '../../support/wait';
import type { Fault, Scene } from './scene';

/** Marks what is poison on purpose, so that it is found among the dead letters. */
export const POISON = 'poison-of-the-chaos-run';
const UNREADABLE = ['billing.payment.succeeded.v1', 'enrollment.created.v1', 'catalog.course_version.published.v1', 'content.play_package.built.v1'];

/** What cannot be read, what breaks its schema, and what cannot be true. */
export const sendPoison: Fault = async (scene) => {
  const sent = await publish(scene, [
    ...UNREADABLE.map((subject) => ({ subject, payload: new TextEncoder().encode(`{"not":"an event","${POISON}":`) })),
    { subject: 'billing.payment.succeeded.v1', payload: envelope('billing.payment.succeeded.v1', { orderId: POISON }) },
    { subject: 'billing.payment.refunded.v1', payload: envelope('billing.payment.refunded.v1', impossibleRefund(scene)) },
  ]);
  return sent;
};

/** Half an hour of business time: whatever waits for a deadline has missed it. */
export const letTimePass: Fault = async ({ world }) => {
  const offset = () => world.sql<{ ms: string }>('select ms::text from marketplace.clock_offset').then(([row]) => Number(row?.ms));
  const before = await offset();
  await world.shiftClock(31 * 60_000);
  return Number((await offset()) > before);
};

function impossibleRefund({ placed }: Scene): object {
  return { paymentId: `none-${randomUUID()}`, orderId: placed.at(-1)?.orderId ?? v7(), refundId: `${POISON}-${randomUUID()}`, netAmount: { amountMinor: '1', currency: 'EUR' }, reason: 'other' };
}

export function envelope(type: string, data: object): Uint8Array {
  return JSONCodec().encode({
    specversion: '1.0', id: v7(), type, source: '/billing-service', subject: 'x', time: new Date().toISOString(), datacontenttype: 'application/json', tenantid: randomUUID(), data,
  });
}

/** Resolves to how many of them the streams took. */
export async function publish({ world }: Pick<Scene, 'world'>, messages: readonly { readonly subject: string; readonly payload: Uint8Array }[]): Promise<number> {
  const connection = await connect({ servers: world.nats.url, waitOnFirstConnect: true });
  try {
    const jetstream = connection.jetstream();
    for (const { subject, payload } of messages) {
      await waitFor(() => jetstream.publish(subject, payload, { timeout: 10_000 }), { withinMs: 120_000, what: 'the stream to take it' }); // other faults go on meanwhile
    }
    return messages.length;
  } finally {
    await connection.close();
  }
}
