// A page of 20 listings with plans and course, as a visitor of the storefront asks for it.
import { requestBody } from '../load/http-client.mjs';
import { putOnSale } from '../offers.mjs';
import { reading } from './reading.mjs';

const BROWSE = `query ($first: Int!) { listings(first: $first) {
  edges { cursor node { id title tagline status course { id } plans { id kind name seatsIncluded prices { amount currency } } } } pageInfo { hasNextPage endCursor } } }`;
const PAGE = 20;

export async function browse({ stage, ...options }) {
  await putOnSale(stage.sql, 2_000);
  return reading({
    what: 'browse', stage, ...options, body: browseBody(PAGE), larger: browseBody(2 * PAGE), check: checkPage,
  });
}

export const browseBody = (first = PAGE) => requestBody(BROWSE, { first });

export function checkPage({ listings }) {
  const plans = listings.edges.flatMap(({ node }) => node.plans);
  if (listings.edges.length !== PAGE || plans.length !== 2 * PAGE || plans.some(({ prices }) => prices.length !== 2)) throw new Error('the page is not the one that was asked for');
}
