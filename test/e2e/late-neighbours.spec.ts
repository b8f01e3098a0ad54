import { freePort } from '../support/ports';
import { outcomeOf } from '../support/outcome';
import type { Replica } from '../support/replica';
import { openShop, person, place } from '../support/shop';
import { TcpDoor, throughPort } from '../support/tcp-door';
import { waitFor } from '../support/wait';
import { startWorld } from '../support/world';
import type { World } from '../support/world';

/* A replica that is started before its neighbours are there. */
const within = { withinMs: 30_000 };
const JWKS = '/identity/.well-known/jwks.json';
let world: World;
let replica: Replica;
let doors: Record<'database' | 'nats' | 'identity', TcpDoor>;

const doorTo = async (url: string): Promise<TcpDoor> => new TcpDoor(await freePort(), { host: '127.0.0.1', port: Number(new URL(url).port) });

beforeAll(async () => {
  world = await startWorld();
  const [first] = world.replicas;
  if (!first) throw new Error('no replica');
  replica = first;
  doors = { database: await doorTo(world.databaseUrl), nats: await doorTo(world.nats.url), identity: await doorTo(world.sandboxUrl) };
  await replica.stop();
  await world.sql(`create table public.put_aside as select * from marketplace.schema_migration`);
  await world.sql(`delete from marketplace.schema_migration where id = (select max(id) from marketplace.schema_migration)`);
  await replica.launch({
    DATABASE_URL: throughPort(world.databaseUrl, doors.database.port), NATS_URL: throughPort(world.nats.url, doors.nats.port),
    IDENTITY_JWKS_URL: throughPort(`${world.sandboxUrl}${JWKS}`, doors.identity.port), REDIS_URL: `redis://127.0.0.1:${await freePort()}`,
  });
});
afterAll(async () => {
  await world.stop();
  for (const door of Object.values(doors)) await door.close();
});

const get = async (path: string) => {
  const answer = await fetch(`${replica.url}${path}`);
  return { status: answer.status, body: (await answer.json()) as Record<string, string> };
};
/** Waits until `/readyz` shows these parts as `ok` and says why the others are not. */
const readiness = (there: readonly string[]) => waitFor(async () => {
  const { status, body } = await get('/readyz');
  const parts = Object.keys(body).filter((name) => name !== 'status');
  return status === 503 && there.every((name) => body[name] === 'ok') && parts.filter((name) => body[name] === 'ok').length === there.length && body;
}, { ...within, what: `/readyz to show ${there.join(', ') || 'nobody'}` });
const logged = (text: string): number => replica.logTail(1_000).split('\n').filter((line) => line.includes(text)).length;

it('given nobody is there, the process lives, and says whom it waits for', async () => {
  const body = await waitFor(async () => { const { body: seen } = await get('/readyz'); return /ECONNREFUSED/.test(`${seen['database']}`) && seen; }, { ...within, what: 'the first attempts' });
  expect(body).toMatchObject({ service: 'starting', migrations: 'waiting' });
  expect(await get('/healthz')).toMatchObject({ status: 200 });
  const refused = await fetch(replica.graphqlUrl, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify({ query: '{ __typename }' }) });
  expect({ status: refused.status, retry: refused.headers.get('retry-after'), body: await refused.json() })
    .toMatchObject({ status: 503, retry: '1', body: { errors: [{ extensions: { code: 'TEMPORARILY_UNAVAILABLE' } }] } });
});

it('given they come one after the other, each is taken up; the last is the migration', async () => {
  await doors.identity.open();
  await readiness(['identity']);
  await doors.database.open();
  await readiness(['identity', 'database']);
  await waitFor(async () => /the database lacks \w+: run the migrations/.test(`${(await get('/readyz')).body['migrations']}`), { ...within, what: 'the lack of a migration to be told' });
  await doors.nats.open();
  await readiness(['identity', 'database', 'nats']);
  await world.sql('insert into marketplace.schema_migration select * from public.put_aside on conflict do nothing');
  await replica.ready();
  expect(await get('/readyz')).toEqual({ status: 200, body: { status: 'ok', service: 'ok', database: 'ok', nats: 'ok', identity: 'ok', migrations: 'ok' } });
});

it('given all are there, a purchase runs, without Redis, which is still away', async () => {
  const entrance = { url: world.supergraphUrl, sandbox: world.sandbox };
  const shop = await openShop(entrance);
  const buyer = await person(entrance, ['buyer']);
  const outcome = await outcomeOf(world, buyer, await place(buyer, shop.plans.single));
  expect(outcome.order.status).toBe('FULFILLED');
});

it('has logged one line for each that it waited for, and one when it came', () => {
  const counts = ['database', 'nats', 'identity'].map((name) => [logged(`"neighbour":"${name}","reason"`), logged(`"neighbour":"${name}","msg":"a neighbour that was waited for is there"`)]);
  expect(counts).toEqual([[1, 1], [1, 1], [1, 1]]);
});
