import { auditServer } from 'graphql-http';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* The audit of the GraphQL over HTTP specification's reference implementation: `error` is a MUST that is not kept. */
let world: World;
beforeAll(async () => { world = await startWorld(); });
afterAll(() => world.stop());

it.each([['gateway', () => world.supergraphUrl], ['subgraph', () => world.subgraphUrl]] as const)('the %s keeps every MUST of GraphQL over HTTP', async (_place, urlOf) => {
  const results = await auditServer({ url: urlOf() });
  expect(results.length).toBeGreaterThan(40);
  expect(results.flatMap((result) => (result.status === 'error' ? [`${result.id} ${result.name}: ${result.reason}`] : []))).toEqual([]);
});
