import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildASTSchema, buildSchema, getOperationAST, Kind, parse, print } from 'graphql';
import { operationCost } from './operation-cost';
import { operationGate } from './operation-gate';
import { DEFAULT_OPERATION_LIMITS } from './operation-limits';

const SCHEMA = buildSchema(`
  type Query { item(ids: [ID!]): Item  items(first: Int = 20): Items  _entities(representations: [ID!]!): [Item]! }
  type Items { edges: [Edge!]!  total: Int }
  type Edge { node: Item! }
  type Item { id: ID!  parts: [Item!]!  items(first: Int = 10): Items }
`);
function ready(text: string, variables: Record<string, unknown> = {}, schema = SCHEMA) {
  const document = parse(text);
  const operation = getOperationAST(document);
  if (!operation) throw new Error('no operation');
  return { schema, document, operation, variables };
}
const cost = (text: string, variables?: Record<string, unknown>): number => operationCost(ready(text, variables));

describe('what an operation costs', () => {
  it.each([
    ['an object', '{ item { id } }', {}, 1], ['a list of unknown length: five', '{ item { parts { id } } }', {}, 1 + 5],
    ['a page of its default size', '{ items { edges { node { id } } } }', {}, 1 + 20 * 2], ['a page of a literal’s size', '{ items(first: 3) { edges { node { id } } } }', {}, 1 + 3 * 2],
    ['a page of a variable’s size', 'query($n: Int) { items(first: $n) { edges { node { id } } } }', { n: 7 }, 1 + 7 * 2],
    ['a page of the variable’s default', 'query($n: Int = 4) { items(first: $n) { edges { node { id } } } }', {}, 1 + 4 * 2],
    ['a page larger than there are', '{ items(first: 1000000) { edges { node { id } } } }', {}, 1 + 100 * 2],
    ['a page that is not asked for', '{ items(first: 100) { total } }', {}, 1],
    ['pages in pages', '{ items(first: 10) { edges { node { items(first: 10) { edges { node { id } } } } } } }', {}, 1 + 10 * (1 + 1 + 1 + 10 * 2)],
    ['as many objects as representations', '{ _entities(representations: ["a", "b", "c"]) { ... on Item { items(first: 2) { edges { node { id } } } } } }', {}, 3 + 3 * (1 + 1 + 2 * 2)],
    ['representations from a variable', 'query($r: [ID!]!) { _entities(representations: $r) { id } }', { r: ['a', 'b'] }, 2 + 2],
    ['the entries of its arguments', 'query($i: [ID!]) { item(ids: $i) { id } }', { i: Array.from({ length: 50 }, String) }, 50 + 1],
    ['the same through fragments', '{ items(first: 3) { ...A } } fragment A on Items { edges { ...B } } fragment B on Edge { ... on Edge { node { id } } }', {}, 1 + 3 * 2],
    ['each alias', '{ a: item { id } b: item { id } }', {}, 2], ['nothing for names of types', '{ __typename }', {}, 0],
  ])('counts %s', (_what, text, variables, expected) => {
    expect(cost(text, variables)).toBe(expected);
  });

  it('is found at once where fragments would grow exponentially', () => {
    const levels = Array.from({ length: 60 }, (_, i) => `fragment F${i} on Item { ${i === 59 ? 'id' : `...F${i + 1} ...F${i + 1}`} }`).join(' ');
    expect(cost(`{ item { ...F0 } } ${levels}`)).toBe(1);
  });
});

describe('the gate', () => {
  const gate = operationGate(DEFAULT_OPERATION_LIMITS, false);
  const subgraph = buildASTSchema(parse(readFileSync(join(__dirname, '../../../schema/supergraph.graphql'), 'utf8')), { assumeValidSDL: true });
  const folders = ['test/e2e/operations', 'sandbox/demo/operations'].map((folder) => join(__dirname, '../../..', folder));

  it('lets every operation of the storefront and of the tests pass, with pages of 100', async () => {
    const { readdirSync } = await import('node:fs');
    const text = folders.flatMap((folder) => readdirSync(folder).filter((file) => file.endsWith('.graphql')).map((file) => readFileSync(join(folder, file), 'utf8'))).join('\n');
    const { definitions } = parse(text);
    const fragments = definitions.filter((definition) => definition.kind === Kind.FRAGMENT_DEFINITION);
    const operations = definitions.flatMap((definition) => (definition.kind === Kind.OPERATION_DEFINITION ? [definition] : []));
    expect(operations.length).toBeGreaterThan(40);
    for (const operation of operations) {
      const document = parse([operation, ...fragments].map((definition) => print(definition)).join('\n'));
      expect([operation.name?.value, gate.refusal({ schema: subgraph, document, operation, variables: { first: 100 } })]).toEqual([operation.name?.value, null]);
    }
  });

  it('refuses what asks for too much, with the figures', () => {
    const page = (inner: string): string => `items(first: 100) { edges { node { ${inner} } } }`;
    const refusal = gate.refusal(ready(`{ ${page(page(page('id')))} }`));
    expect(refusal?.extensions).toEqual({ code: 'OPERATION_TOO_COSTLY', limit: 'cost', max: 100_000, found: 2_030_301 });
    expect(gate.refusal(ready(`{ ${page(page('id'))} }`))).toBeNull();
  });

  it.each([
    ['a variable', 'query($i: [ID!]) { item(ids: $i) { id } }', { i: ['x', 'pay 4111 1111 1111 1111'] }, '$i.1 '],
    ['a number', 'query($i: [ID!]) { item(ids: $i) { id } }', { i: [4111111111111111] }, '$i.0 '],
    ['a key', 'query($i: [ID!]) { item(ids: $i) { id } }', { i: { '4111111111111111': 1 } }, '$i '],
    ['a variable that nothing uses', '{ item { id } }', { note: '5555555555554444' }, '$note '],
    ['a literal', '{ item(ids: "4111-1111-1111-1111") { id } }', {}, 'A value in the operation’s text '], ['a literal number', '{ item(ids: 4111111111111111) { id } }', {}, 'A value in the operation’s text '],
    ['a block of text', '{ item(ids: """\n4111111111111111\n""") { id } }', {}, 'A value in the operation’s text '],
  ])('refuses a card number in %s, without repeating it', (_what, text, variables, where) => {
    const refusal = gate.refusal(ready(text, variables));
    expect(refusal?.extensions['code']).toBe('CARD_NUMBER_REFUSED');
    expect(refusal?.message).toContain(`${where}looks like a card number`);
    expect(JSON.stringify(refusal)).not.toMatch(/4111|5555/);
  });
});
