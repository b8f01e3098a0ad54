import type { Witnesses } from './witnesses';

/** Access without an order was granted; a seat has one learner, a learner one seat, and nobody sits where nothing is held. */
export async function entitlements({ sql }: Witnesses): Promise<string[]> {
  const orphans = await sql<{ id: string; source: string }>(`select id, source from marketplace.license where state in ('ACTIVE', 'GRACE') and (order_id is null) <> (source = 'GRANT')`);
  const crowded = await sql<{ id: string }>(`select l.id from marketplace.license l join marketplace.seat s on s.license_id = l.id
    where l.seats_total is not null and s.state in ('ASSIGNED', 'ENROLLED', 'CONSUMED') group by l.id having count(*) > l.seats_total`);
  const twice = await sql<{ license_id: string; learner_id: string }>(`select license_id, learner_id from marketplace.seat
    where state in ('ASSIGNED', 'ENROLLED', 'CONSUMED') group by license_id, learner_id having count(*) > 1`);
  const left = await sql<{ id: string; state: string }>(`select s.id, s.state from marketplace.seat s join marketplace.license l on l.id = s.license_id
    where l.state = 'REVOKED' and s.state in ('ASSIGNED', 'ENROLLED', 'CONSUMED')`); // one that has expired still tells who sat there
  const frozen = await sql<{ id: string }>(`select s.id from marketplace.seat s join marketplace.refund r on r.id = s.frozen_by where r.status <> 'REQUESTED'`);
  return [
    ...orphans.map((row) => `licence ${row.id} gives access by ${row.source}, with or without an order as it should not be`),
    ...crowded.map((row) => `licence ${row.id} has more learners than seats`),
    ...twice.map((row) => `learner ${row.learner_id} has two seats of licence ${row.license_id}`),
    ...left.map((row) => `seat ${row.id} is ${row.state} in a licence that was revoked`),
    ...frozen.map((row) => `seat ${row.id} is frozen by a refund that has ended`),
  ];
}
