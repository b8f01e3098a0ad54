// What the gateway asks when the catalog names 25 courses: their representations → live listings.
import { requestBody } from '../load/http-client.mjs';
import { putOnSale } from '../offers.mjs';
import { reading } from './reading.mjs';

const ENTITIES = `query ($representations: [_Any!]!) { _entities(representations: $representations) { ... on Course {
  id purchasable listings(first: 3) { edges { node { id title status } } } } } }`;
const COURSES = 25;

export async function entities({ stage, ...options }) {
  const offers = await putOnSale(stage.sql, 2_000);
  const body = (count) => requestBody(ENTITIES, { representations: offers.slice(0, count).map(({ courseId }) => ({ __typename: 'Course', id: courseId })) });
  return reading({
    what: 'entities', stage, ...options, body: body(COURSES), larger: body(2 * COURSES),
    check: ({ _entities }) => {
      if (_entities.length !== COURSES || _entities.some((course) => course.listings.edges.length !== 1)) throw new Error('the entities are not those that were asked for');
    },
  });
}
