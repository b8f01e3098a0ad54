// 64 clients assign seats of one licence; the floor is the raw SKIP LOCKED statement.
import { randomUUID } from 'node:crypto';
import { runPgbench } from '../floor/pgbench.mjs';
import { HttpClient, requestBody } from '../load/http-client.mjs';
import { closedLoop } from '../load/rounds.mjs';
import { medianOf, rounded } from '../measure/figures.mjs';
import { metered } from '../measure/meter.mjs';
import { putOnSale } from '../offers.mjs';
import { say, step } from '../../scripts/stack/progress.mjs';

const ASSIGN = 'mutation ($licenseId: ID!, $learnerIds: [ID!]!) { assignSeats(licenseId: $licenseId, learnerIds: $learnerIds) { seats { id } userErrors { code message } } }';
const CLIENTS = 64;
const CALLS = [{ size: 10, seatsPerSecond: 10_000, least: 0.25 }, { size: 1_000, seatsPerSecond: 20_000, least: 0.8 }];

export async function seats({ stage, processes, seconds, rounds }) {
  const [offer] = await putOnSale(stage.sql, 1);
  const { accessToken, tid } = await stage.token({ roles: ['org_admin'] });
  const clients = Array.from({ length: CLIENTS }, () => new HttpClient(stage.replicas[0].url, accessToken));
  const dir = processes.privateDir('pgbench');
  const result = { lines: [], targets: [], rounds: {}, statements: {} };
  for (const { size, seatsPerSecond, least } of CALLS) {
    const measured = { service: [], floor: [] };
    let statements;
    const total = seatsPerSecond * seconds + 2 * CLIENTS * size; // each client may be late by a call or two
    const first = await grant(stage.sql, offer, tid, total);
    await step(`warmed up with ${size} a call`, () => closedLoop(clients, seconds, (client) => assign(client, first, size)), ({ perSecond }) => `${(perSecond * size).toFixed(0)} seats/s`);
    for (let round = 1; round <= rounds; round += 1) {
      const licenseId = await grant(stage.sql, offer, tid, total);
      const service = await metered(stage, () => closedLoop(clients, seconds, (client) => assign(client, licenseId, size)));
      ({ statements } = service);
      await checkSold(stage.sql, licenseId, { expected: service.figures.operations * size, total });
      const floorLicense = await grant(stage.sql, offer, tid, total);
      const floor = await metered(stage, () => runPgbench(processes, { script: floorScript(floorLicense, size), url: stage.servers.databaseUrl, dir, clients: CLIENTS, seconds }));
      await checkSold(stage.sql, floorLicense, { expected: floor.figures.operations * size, total });
      say(`${size} a call, round ${round}: ${(service.figures.perSecond * size).toFixed(0)} seats/s, floor ${(floor.figures.perSecond * size).toFixed(0)}`);
      measured.service.push(service.figures);
      measured.floor.push(floor.figures);
    }
    const [service, floor] = [medianOf(measured.service), medianOf(measured.floor)];
    result.lines.push({ what: `assignSeats, ${size} a call`, ...rounded(service) }, { what: `floor: SKIP LOCKED, ${size} a call`, ...rounded(floor) });
    result.targets.push({ what: `calls of ${size} / floor`, target: `≥ ${least}`, value: service.perSecond / floor.perSecond, met: service.perSecond >= least * floor.perSecond });
    result.rounds[size] = measured;
    result.statements[size] = statements;
  }
  for (const client of clients) client.close();
  return { ...result, notes: ['no seat was given twice, none more than there are'] };
}

async function assign(client, licenseId, size) {
  const { assignSeats } = await client.ask(requestBody(ASSIGN, { licenseId, learnerIds: Array.from({ length: size }, () => randomUUID()) }));
  if (assignSeats.seats.length !== size) throw new Error(`assignSeats: ${JSON.stringify(assignSeats.userErrors)}`);
}

/** A licence without an order, with so many free seats, written as rows: `grantLicense` makes as many as a plan may include. */
async function grant(sql, offer, tenantId, total) {
  const terms = { name: 'For many', kind: 'SEAT_PACK', seatsIncluded: total, accessDays: null, perpetualOffline: false, trialDays: 0, refundPolicy: { windowDays: 14, partial: true }, seatReassignmentLimit: null };
  const [{ id }] = await sql(`insert into marketplace.license (id, tenant_id, listing_id, plan_id, plan_revision, terms, course_id, course_version_id, play_package_id, package_format,
      source, state, perpetual_offline, valid_from, seats_total)
    values (gen_random_uuid(), $1, $2, $3, 1, $4, $5, $6, 'package-1', 'CMI5', 'GRANT', 'ACTIVE', false, now(), $7) returning id`,
    [tenantId, offer.listingId, offer.packId, terms, randomUUID(), offer.courseVersionId, total]);
  await sql(`insert into marketplace.seat (id, license_id, tenant_id, state) select uuidv7(), $1, $2, 'AVAILABLE' from generate_series(1, $3::integer)`, [id, tenantId, total]);
  await sql('vacuum analyze marketplace.seat');
  return id;
}

function floorScript(licenseId, size) {
  return `with free as (select id from marketplace.seat where license_id = '${licenseId}' and state = 'AVAILABLE' and frozen_by is null order by place limit ${size} for update skip locked)
  update marketplace.seat s set state = 'ASSIGNED', assignment_id = gen_random_uuid(), learner_id = gen_random_uuid(), at_purchase = false, assigned_at = now(), ask_at = now() + interval '1 hour'
  from free where s.id = free.id;\n`;
}

async function checkSold(sql, licenseId, { expected, total }) {
  const [{ given, seats: there }] = await sql(`select count(*) filter (where state <> 'AVAILABLE')::int as given, count(*)::int as seats from marketplace.seat where license_id = $1`, [licenseId]);
  if (given >= total) throw new Error(`the licence of ${total} seats was used up: the figures are not of full calls`);
  if (given !== expected || there !== total) throw new Error(`${expected} seats were promised and ${given} given; ${there} of ${total} are there`);
}
