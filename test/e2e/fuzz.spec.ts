import { randomInt, randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildASTSchema, parse } from 'graphql';
import { CreateCouponDocument } from './operations/generated';
import { Chance } from '../support/fuzz/chance';
import { foreignAmong, poolOf, sightingsIn } from '../support/fuzz/ownership';
import type { Persona, Sighting } from '../support/fuzz/ownership';
import { randomOperation, rootFieldsOf } from '../support/fuzz/random-operation';
import type { RandomOperation } from '../support/fuzz/random-operation';
import { httpClient } from '../support/graphql-client';
import { outcomeOf } from '../support/outcome';
import { openShop, person, place } from '../support/shop';
import type { Role } from '../support/sandbox-client';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/*
 * Every query and mutation of the schema, with random and hostile arguments, by everybody, on one's own ids and foreign
 * ones: never a 5xx, never a fault or a word of what is inside, never a row of somebody else. More of it:
 * `npm run test:fuzz -- --calls 10000 --seed 7`. A seed repeats the operations; ids and the order of answers differ.
 */
const CALLS = Number(process.env['FUZZ_CALLS'] ?? 600);
const SEED = Number(process.env['FUZZ_SEED'] ?? randomInt(1, 1_000_000));
const BATCH = 100;
const AT_ONCE = 8;
const INSIDES = /node_modules|\/(src|dist|sandbox|work|home)\/|\.[jt]s:\d|\bat \S+ \(|ECONN|ENOTFOUND|\bselect\b.+\bfrom\b|relation "|marketplace\.[a-z]+_|postgres|typeorm|invalid input syntax|violates/i;
const ENOUGH = '1000000';

let world: World;
let personas: Persona[];
beforeAll(async () => {
  world = await startWorld({ env: { RATE_LIMIT_PER_MINUTE: ENOUGH, RATE_LIMIT_TENANT_PER_MINUTE: ENOUGH, RATE_LIMIT_ADDRESS_PER_MINUTE: ENOUGH } });
  personas = await populate();
});
afterAll(() => world.stop());

/** Two shops, two customers with orders, licences and coupons of their own, and everybody who may ask. */
async function populate(): Promise<Persona[]> {
  const entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  const found: Persona[] = [{ name: 'nobody', roles: [], sub: '', tid: '', token: undefined }];
  const add = (name: string, roles: readonly Role[], { sub, tid, token }: { sub: string; tid: string; token: string }) => found.push({ name, roles, sub, tid, token });
  for (const side of ['a', 'b']) {
    const shop = await openShop(entrance);
    add(`provider ${side}`, ['provider'], shop.provider);
    add(`operator ${side}`, ['platform_admin'], shop.admin);
    await shop.provider.http.data(CreateCouponDocument, { input: { code: `TEN-${side}`, percentOff: '10' } });
    const admin = await person(entrance, ['buyer', 'org_admin']);
    const buyer = await person(entrance, ['buyer'], { tid: admin.tid });
    add(`org admin ${side}`, ['buyer', 'org_admin'], admin);
    add(`buyer ${side}`, ['buyer'], buyer);
    for (const [who, plan, more] of [[admin, shop.plans.pack, { learnerIds: [randomUUID(), randomUUID()] }], [buyer, shop.plans.free, {}], [admin, shop.plans.site, { learnerIds: [] }]] as const) {
      await outcomeOf(world, who, await place(who, plan, more));
    }
  }
  return found;
}

interface Call { readonly persona: Persona; readonly url: string; readonly operation: RandomOperation }
interface Found { readonly what: string; readonly call: Call; readonly answer: string }

class Findings {
  readonly found: Found[] = [];
  readonly sightings = new Map<string, Sighting>();
  readonly codes: Record<string, number> = {};
  readonly asked = new Set<string>();
  /** Calls with anything but null in their data. */
  answered = 0;

  take(call: Call, status: number, text: string): void {
    const complain = (what: string): void => void this.found.push({ what, call, answer: text.slice(0, 2_000) });
    this.asked.add(call.operation.coordinate);
    if (status >= 500) complain(`status ${status}`);
    const { data = null, errors = [] } = JSON.parse(text) as { data?: Record<string, unknown> | null; errors?: { message: string; extensions?: { code?: string } }[] };
    if (INSIDES.test(JSON.stringify(errors))) complain('a word of what is inside');
    for (const { extensions, message } of errors) {
      const code = extensions?.code ?? 'none';
      this.codes[code] = (this.codes[code] ?? 0) + 1;
      if (code === 'INTERNAL_SERVER_ERROR' || /unexpected error|internal server/i.test(message)) complain('a fault');
    }
    if (Object.values(data ?? {}).some((value) => value !== null)) this.answered += 1;
    for (const sighting of sightingsIn(call.persona, data)) this.sightings.set(`${call.persona.name} ${sighting.typename} ${sighting.id}`, sighting);
  }
}

async function send(call: Call, findings: Findings): Promise<void> {
  const { persona, url, operation: { query, variables } } = call;
  const headers = { 'content-type': 'application/json', ...(persona.token === undefined ? {} : { authorization: `Bearer ${persona.token}` }) };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify({ query, variables }) });
  findings.take(call, answer.status, await answer.text());
}

async function fuzz(): Promise<Findings> {
  const schema = buildASTSchema(parse(readFileSync(join(__dirname, '../../schema/marketplace.graphql'), 'utf8')), { assumeValidSDL: true });
  const roots = rootFieldsOf(schema);
  const chance = new Chance(SEED);
  const findings = new Findings();
  for (let done = 0; done < CALLS; done += BATCH) {
    const pool = await poolOf(world);
    const calls = Array.from({ length: Math.min(BATCH, CALLS - done) }, (_, index): Call => ({
      persona: chance.of(personas), url: chance.happens(0.2) ? world.supergraphUrl : world.subgraphUrl,
      operation: randomOperation(schema, roots[(done + index) % roots.length] ?? chance.of(roots), chance, pool),
    }));
    const next = calls.values();
    await Promise.all(Array.from({ length: AT_ONCE }, async () => { for (const call of next) await send(call, findings); }));
  }
  return findings;
}

it(`given ${CALLS} hostile calls by everybody (seed ${SEED}): no fault, nothing of what is inside, no foreign row`, async () => {
  const findings = await fuzz();
  const foreign = await foreignAmong(world, [...findings.sightings.values()]);
  const summary = {
    seed: SEED, calls: CALLS, fields: findings.asked.size, answered: findings.answered, codes: findings.codes, sightings: findings.sightings.size, found: findings.found.length, foreign: foreign.length,
  };
  const directory = join(__dirname, '../../reports');
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, 'fuzz.json'), `${JSON.stringify({ ...summary, examples: findings.found.slice(0, 20), foreign: foreign.slice(0, 20) }, null, 2)}\n`);
  process.stderr.write(`fuzz: ${JSON.stringify(summary)}\n`);
  expect(findings.found.slice(0, 3)).toEqual([]);
  expect(foreign.slice(0, 3)).toEqual([]);
  expect(findings.answered).toBeGreaterThan(CALLS / 4);
  expect(findings.sightings.size).toBeGreaterThan(20);
  expect(world.replicas[0]?.running).toBe(true);
}, 120_000 + CALLS * 60);

it('given a planted policy that shows everybody’s orders: the foreign row is found', async () => {
  const [victim, thief] = ['buyer a', 'buyer b'].map((name) => personas.find((persona) => persona.name === name)!);
  const [order] = await world.sql<{ id: string }>('select id from marketplace.orders where buyer_id = $1', [victim!.sub]);
  const asked = async (persona: Persona) => sightingsIn(persona, (await httpClient(world.subgraphUrl, persona.token).send('query($id: ID!) { order(id: $id) { __typename id } }', { id: order?.id })).data);
  expect(await foreignAmong(world, await asked(victim!))).toEqual([]);
  await world.sql('create policy planted on marketplace.orders for select to marketplace_api using (true)');
  expect(await foreignAmong(world, await asked(thief!))).toEqual([{ persona: thief, typename: 'Order', id: order?.id }]);
  await world.sql('drop policy planted on marketplace.orders');
  expect(await asked(thief!)).toEqual([]);
});
