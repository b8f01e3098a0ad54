// Listings on sale, written as the rows that the use cases would leave behind: in bulk, past the policies.
import { randomUUID } from 'node:crypto';

const PER_STATEMENT = 5_000;

/** Resolves to `{ listingId, planId, courseId }` of each; one listing a course, two plans a listing, two prices a plan. */
export async function putOnSale(sql, count) {
  const offers = Array.from({ length: count }, (_, index) => ({
    index, listingId: randomUUID(), courseId: randomUUID(), courseVersionId: randomUUID(), providerId: randomUUID(), planId: randomUUID(), packId: randomUUID(),
  }));
  for (let from = 0; from < count; from += PER_STATEMENT) await insert(sql, JSON.stringify(offers.slice(from, from + PER_STATEMENT)));
  await sql('analyze marketplace.listing, marketplace.pricing_plan, marketplace.pricing_plan_revision, marketplace.pricing_plan_price, marketplace.course_version');
  return offers;
}

const OFFER = 'jsonb_to_recordset($1::jsonb) as o (index integer, "listingId" uuid, "courseId" uuid, "courseVersionId" uuid, "providerId" uuid, "planId" uuid, "packId" uuid)';
const BOTH_PLANS = `${OFFER} cross join lateral (values ("planId", 'ONE_TIME', 1, 4900), ("packId", 'SEAT_PACK', 10, 39000)) as p (id, kind, seats, price)`;
const TERMS = `jsonb_build_object('name', 'For ' || p.seats, 'kind', p.kind, 'seatsIncluded', p.seats, 'accessDays', null, 'perpetualOffline', false, 'billingInterval', null, 'intervalCount', null, 'trialDays', 0,
  'refundPolicy', '{"windowDays": 14, "partial": true}'::jsonb, 'seatReassignmentLimit', null)`;

async function insert(sql, offers) {
  await sql(`insert into marketplace.course_version (course_version_id, course_id, owner_tenant_id, title, published_at, play_package_id, package_format, built_at)
    select "courseVersionId", "courseId", "providerId", 'Course ' || index, now(), 'package-' || index, 'CMI5', now() from ${OFFER}`, [offers]);
  await sql(`insert into marketplace.listing (id, provider_tenant_id, course_id, course_version_id, title, description, status, created_at, updated_at)
    select "listingId", "providerId", "courseId", "courseVersionId", 'Listing ' || index, 'What there is to learn, in a few plain words.', 'DRAFT', now(), now() from ${OFFER}`, [offers]);
  for (const status of ['SUBMITTED', 'APPROVED', 'LIVE']) {
    await sql(`update marketplace.listing l set status = $2 from ${OFFER} where l.id = o."listingId"`, [offers, status]);
  }
  await sql(`insert into marketplace.pricing_plan (id, listing_id, provider_tenant_id, kind, active, created_at) select p.id, "listingId", "providerId", p.kind, true, now() from ${BOTH_PLANS}`, [offers]);
  await sql(`insert into marketplace.pricing_plan_revision (plan_id, revision, provider_tenant_id, terms, valid_from) select p.id, 1, "providerId", ${TERMS}, now() from ${BOTH_PLANS}`, [offers]);
  await sql(`insert into marketplace.pricing_plan_price (plan_id, revision, provider_tenant_id, currency, amount_minor)
    select p.id, 1, "providerId", currency, p.price from ${BOTH_PLANS}, unnest(array['EUR', 'USD']) as currency`, [offers]);
}
