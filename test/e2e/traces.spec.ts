import { randomUUID } from 'node:crypto';
import { connect } from 'nats';
import { outcomeOf } from '../support/outcome';
import { openShop, person } from '../support/shop';
import type { Person, Shop } from '../support/shop';
import { startTraceCollector } from '../support/trace-collector';
import type { Span } from '../support/trace-collector';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* One purchase, followed across HTTP, the database, billing, NATS and back, by a collector of the test's own. */
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';
const CALLER_SPAN = '00f067aa0ba902b7';
let collector: Awaited<ReturnType<typeof startTraceCollector>>;
let world: World;
beforeAll(async () => {
  collector = await startTraceCollector();
  world = await startWorld({ replicas: 2, env: { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url } });
});
afterAll(async () => {
  await world.stop();
  await collector.stop();
});

/** Names from the caller's span down to this one. */
function path(spans: readonly Span[], span: Span): string[] {
  const parent = spans.find((candidate) => candidate.spanId === span.parentSpanId);
  return [...(parent ? path(spans, parent) : [span.parentSpanId === CALLER_SPAN ? 'caller' : '?']), span.name];
}

/** Ordered at the first replica, by somebody whose trace this is. */
async function placeTraced(who: Person, shop: Shop, trace: string): Promise<string> {
  const answer = await fetch(world.subgraphUrl, {
    method: 'POST',
    headers: { 'content-type': 'application/json', authorization: `Bearer ${who.token}`, traceparent: `00-${trace}-${CALLER_SPAN}-01` },
    body: JSON.stringify({
      query: 'mutation ($input: PlaceOrderInput!) { placeOrder(input: $input) { order { id } } }',
      variables: { input: { idempotencyKey: randomUUID(), currency: 'EUR', lines: [{ pricingPlanId: shop.plans.single }] } },
    }),
  });
  const { data } = (await answer.json()) as { data: { placeOrder: { order: { id: string } } } };
  return data.placeOrder.order.id;
}

it('given a request with a trace, the whole purchase is in it, each part below what caused it', async () => {
  const entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  const shop = await openShop(entrance);
  const who = await person(entrance, ['buyer']);
  const orderId = await placeTraced(who, shop, TRACE);
  await outcomeOf(world, who, orderId);

  const ours = () => collector.spans.filter((span) => span.traceId === TRACE);
  const pathsNow = () => ours().map((span) => path(ours(), span).join(' > '));
  const complete = () => ours().some((span) => span.name === 'publish marketplace.order.fulfilled.v1') && !pathsNow().some((one) => one.includes('?'));
  await waitFor(complete, { withinMs: 20_000, what: 'the last span of the purchase, and those above it' }) // each replica sends its own when it comes to it
    .catch((error: unknown) => { throw new Error(`${String(error)}: ${pathsNow().join('\n')}`); });
  const paths = pathsNow();
  const placing = 'caller > POST /graphql > commit order.place';
  const calling = `${placing} > call process-payment`;
  const billed = `${calling} > marketplace-billing > commit consume.billing`;
  expect(paths).toEqual(expect.arrayContaining([
    placing, `${placing} > publish marketplace.order.placed.v1`, calling, billed, `${billed} > publish marketplace.license.granted.v1`,
  ]));
  expect(paths.filter((one) => one.endsWith('> marketplace-enrollment > commit consume.enrollment > publish marketplace.order.fulfilled.v1'))).toHaveLength(1);
});

it('given an event, its attribute and its message’s header name the same trace', async () => {
  const nats = await connect({ servers: world.nats.url });
  const manager = await nats.jetstreamManager();
  const message = await manager.streams.getMessage('MARKETPLACE', { last_by_subj: 'marketplace.order.fulfilled.v1' });
  const { traceparent } = message.json<{ traceparent: string }>();
  expect(traceparent).toMatch(new RegExp(`^00-${TRACE}-[0-9a-f]{16}-01$`));
  expect(message.header.get('traceparent')).toMatch(new RegExp(`^00-${TRACE}-`));
  expect(message.header.get('traceparent')).not.toBe(traceparent);
  await nats.close();
});

it('given a purchase whose replica is gone when its payment is overdue, what another one does is in its trace', async () => {
  const entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  const shop = await openShop(entrance);
  const who = await person(entrance, ['buyer']);
  await world.sandbox.behaviour(who.tid, { payment: 'never' });
  const trace = 'a'.repeat(32);
  const orderId = await placeTraced(who, shop, trace);
  await waitFor(async () => (await world.sql('select 1 from marketplace.payment where order_id = $1', [orderId])).length > 0, { withinMs: 20_000, what: 'billing’s answer' });
  await world.replicas[0]?.kill('SIGTERM'); // it hands in its own spans
  await world.shiftClock(30 * 60_000);

  const ours = () => collector.spans.filter((span) => span.traceId === trace);
  await waitFor(() => ours().some((span) => span.name === 'publish marketplace.order.failed.v1'), { withinMs: 40_000, what: 'the last span of the purchase' });
  const names = ours().map((span) => span.name);
  expect(names).toEqual(expect.arrayContaining(['commit order.place', 'due marketplace.purchase', 'commit saga.timer', 'call find-payment', 'call cancel-payment']));
});
