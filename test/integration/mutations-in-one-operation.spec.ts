import { graphql } from 'graphql';
import { OperationContext } from '../../resolvers/operation-context';
import { buildSubgraph } from '../../resolvers/subgraph';
import { aUser, type ListingWorld, openListingWorld } from '../support/listing-world';

/* The mutations of one operation run one after the other: each answers as the world is then, whatever was read before it. */

const schema = buildSubgraph();
let world: ListingWorld;
beforeAll(async () => { world = await openListingWorld(); });
afterAll(() => world.close());

const provider = aUser('provider');
async function ask(source: string, variableValues: object): Promise<unknown> {
  const { useCases, unitOfWork, listings, plans } = world;
  const unused = new Proxy({}, { get: () => () => undefined });
  const readers = new Proxy({ listings, plans }, { get: (used, name) => Reflect.get(used, name) ?? unused });
  const contextValue = new OperationContext({ listings: useCases, unitOfWork, readers } as never, { caller: provider, rejection: null });
  const { data, errors } = await graphql({ schema, source, variableValues: { ...variableValues }, contextValue });
  expect(errors).toBeUndefined();
  return data;
}

async function aListing(): Promise<string> {
  const created = await world.useCases.createListing(provider, { ...(await world.courseVersion(provider.tenantId)), title: 'Knots', description: 'Twelve.' });
  if (!created.ok) throw new Error(JSON.stringify(created.errors));
  return created.value;
}

it('given a plan that is made, revised and revised again: each with its own revision, and all of the listing’s plans until then', async () => {
  const listingId = await aListing();
  const first = { listingId, kind: 'ONE_TIME', name: 'One', prices: [{ amount: '1.00', currency: 'EUR' }] };
  const plan = 'plan { id name revision revisions { revision } listing { plans { name } } }';
  const made = await ask(`mutation ($first: CreatePricingPlanInput!, $second: CreatePricingPlanInput!) {
    one: createPricingPlan(input: $first) { ${plan} } two: createPricingPlan(input: $second) { ${plan} } }`, { first, second: { ...first, name: 'Two' } });
  expect(made).toMatchObject({ one: { plan: { listing: { plans: [{ name: 'One' }] } } }, two: { plan: { listing: { plans: [{ name: 'One' }, { name: 'Two' }] } } } });

  const { id } = (made as { readonly one: { readonly plan: { readonly id: string } } }).one.plan;
  const revised = await ask(`mutation ($b: RevisePricingPlanInput!, $c: RevisePricingPlanInput!) {
    b: revisePricingPlan(input: $b) { ${plan} } c: revisePricingPlan(input: $c) { ${plan} } }`, { b: { id, name: 'B' }, c: { id, name: 'C' } });
  expect(revised).toMatchObject({
    b: { plan: { name: 'B', revision: 2, revisions: [{ revision: 1 }, { revision: 2 }] } },
    c: { plan: { name: 'C', revision: 3, revisions: [{ revision: 1 }, { revision: 2 }, { revision: 3 }] } },
  });
});
