import { v7 } from 'uuid';
import { ANONYMOUS, WORKER } from '../../src/application/actor';
import { takeInCatalogEvents } from '../../src/application/consumers/catalog-events';
import { takeInContentEvents } from '../../src/application/consumers/content-events';
import type { Cursor } from '../../src/application/ports/page';
import type { ListingFilter } from '../../src/application/ports/readers';
import type { CourseId, CourseVersionId, ListingId, TenantId } from '../../src/domain/ids';
import { PostgresCourseVersions } from '../../src/infrastructure/postgres/course-version-repository';
import { aUser, builtEvent, type ListingWorld, openListingWorld, publishedEvent } from '../support/listing-world';

let world: ListingWorld;
beforeAll(async () => { world = await openListingWorld(); });
afterAll(() => world.close());

/** Listings of one course, live ones oldest first, by the shortest way: past the use cases. */
async function stored(tenantId: TenantId, course: { courseId: CourseId; courseVersionId: CourseVersionId }, live: number, drafts = 0): Promise<ListingId[]> {
  const ids = Array.from({ length: live + drafts }, () => v7() as ListingId);
  await world.sql(
    `insert into marketplace.listing (id, provider_tenant_id, course_id, course_version_id, title, description, status, created_at, updated_at)
     select id, $2, $3, $4, 'Knots', 'Twelve knots.', 'DRAFT', timestamptz '2026-01-01' + position * interval '1 hour', now()
     from unnest($1::uuid[]) with ordinality as listing (id, position)`,
    [ids, tenantId, course.courseId, course.courseVersionId],
  );
  for (const [step, status] of ['SUBMITTED', 'APPROVED', 'LIVE'].entries()) {
    // Three of them go live at the same instant: the id decides their order.
    await world.sql(`update marketplace.listing set status = $2, live_at = ${step === 2 ? `timestamptz '2026-02-01' + (array_position($1::uuid[], id) / 3) * interval '1 second'` : 'null'} where id = any ($1)`, [ids.slice(0, live), status]);
  }
  return ids;
}
async function allPages(caller: typeof ANONYMOUS | ReturnType<typeof aUser>, filter: ListingFilter, first: number): Promise<{ ids: ListingId[]; pages: number }> {
  const ids: ListingId[] = [];
  let after: Cursor | null = null;
  for (let pages = 1; ; pages++) {
    const page = await world.unitOfWork.run(caller, (tx) => world.listings.page(tx, filter, { first, after }));
    ids.push(...page.nodes.map(({ id }) => id));
    after = page.cursors.at(-1) ?? null;
    if (!page.hasNextPage) return { ids, pages };
  }
}

describe('pages of listings', () => {
  const provider = aUser('provider');
  let course: Awaited<ReturnType<ListingWorld['courseVersion']>>;
  let ids: ListingId[];
  beforeAll(async () => {
    course = await world.courseVersion(provider.tenantId);
    ids = await stored(provider.tenantId, course, 7, 3);
  });

  it('follow one another without gap or repetition, newest first, for those who go live in the same instant too', async () => {
    const live = { courseIds: [course.courseId], statuses: ['LIVE'] } as const;
    const once = await allPages(ANONYMOUS, live, 100);
    expect(new Set(once.ids)).toEqual(new Set(ids.slice(0, 7)));
    expect(await allPages(ANONYMOUS, live, 2)).toEqual({ ids: once.ids, pages: 4 });
    expect(await allPages(ANONYMOUS, live, 7)).toEqual({ ids: once.ids, pages: 1 });
  });

  it('hold what the caller may see: drafts for their provider only', async () => {
    const filter = { providerTenantId: provider.tenantId };
    expect((await allPages(provider, filter, 4)).ids).toEqual([...ids].reverse());
    expect((await allPages(ANONYMOUS, filter, 4)).ids).toHaveLength(7);
    expect((await allPages(provider, { ...filter, statuses: ['DRAFT', 'SUBMITTED'] }, 4)).ids).toEqual(ids.slice(7).reverse());
    expect((await allPages(provider, { ...filter, statuses: [] }, 4)).ids).toEqual([]);
  });

  it('are counted by the same rule', async () => {
    const count = (caller: typeof ANONYMOUS | typeof provider) => world.unitOfWork.run(caller, (tx) => world.listings.count(tx, { courseIds: [course.courseId] }));
    expect([await count(provider), await count(ANONYMOUS)]).toEqual([10, 7]);
  });

  it('come for many courses at once, each with its own page', async () => {
    const other = await world.courseVersion(provider.tenantId);
    await stored(provider.tenantId, other, 2);
    const nowhere = v7() as CourseId;
    const courses = [other.courseId, nowhere, course.courseId];
    await world.unitOfWork.run(ANONYMOUS, async (tx) => {
      const pages = await world.listings.livePagesOfCourses(tx, courses, { first: 3, after: null });
      expect(courses.map((id) => [pages.get(id)?.nodes.length, pages.get(id)?.hasNextPage])).toEqual([[2, false], [0, false], [3, true]]);
      const next = await world.listings.livePagesOfCourses(tx, [course.courseId], { first: 100, after: pages.get(course.courseId)?.cursors.at(-1) ?? null });
      const all = [...(pages.get(course.courseId)?.nodes ?? []), ...(next.get(course.courseId)?.nodes ?? [])].map(({ id }) => id);
      expect(all).toEqual((await world.listings.page(tx, { courseIds: [course.courseId], statuses: ['LIVE'] }, { first: 100, after: null })).nodes.map(({ id }) => id));
      expect(await world.listings.liveCountsOfCourses(tx, courses)).toEqual(new Map([[other.courseId, 2], [nowhere, 0], [course.courseId, 7]]));
    });
  });
});

describe('what catalog and content say of a course version', () => {
  const CONSUMED = { commit: 'consume.catalog' } as const;
  const courseVersions = new PostgresCourseVersions();
  const catalog = takeInCatalogEvents({ courseVersions });
  const content = takeInContentEvents({ courseVersions });
  const names = () => ({ courseId: v7() as CourseId, courseVersionId: v7() as CourseVersionId });
  const known = async (id: CourseVersionId) => (await world.unitOfWork.run(ANONYMOUS, (tx) => world.listings.courseVersions(tx, [id])))[0];

  it('makes the same whole in either order', async () => {
    const [one, two] = [names(), names()];
    const owner = v7();
    await world.unitOfWork.run(WORKER, async (tx) => {
      await catalog(tx, [publishedEvent(one, owner)]);
      await content(tx, [builtEvent(one), builtEvent(two)]);
      await catalog(tx, [publishedEvent(two, owner)]);
    }, CONSUMED);
    const whole = { ownerTenantId: owner, publishedAt: new Date('2026-01-05T09:00:00.000Z'), playPackageId: 'package-SCORM_2004', packageFormat: 'SCORM_2004' };
    expect(await known(one.courseVersionId)).toEqual({ ...one, ...whole });
    expect(await known(two.courseVersionId)).toEqual({ ...two, ...whole });
  });

  it('keeps the later of two facts, in one batch, in two, and when it comes first', async () => {
    const version = names();
    const at = (hour: number) => `2026-01-05T0${hour}:00:00.000Z`;
    await world.unitOfWork.run(WORKER, (tx) => content(tx, [builtEvent(version, 'CMI5', at(3)), builtEvent(version, 'SCORM_1_2', at(1)), builtEvent(version, 'SCORM_2004', at(2))]), CONSUMED);
    expect(await known(version.courseVersionId)).toMatchObject({ packageFormat: 'CMI5' });
    await world.unitOfWork.run(WORKER, (tx) => content(tx, [builtEvent(version, 'SCORM_1_2', at(2))]), CONSUMED);
    expect(await known(version.courseVersionId)).toMatchObject({ packageFormat: 'CMI5', playPackageId: 'package-CMI5' });
    await world.unitOfWork.run(WORKER, (tx) => content(tx, [builtEvent(version, 'scorm 1.2', at(4))]), CONSUMED);
    expect(await known(version.courseVersionId)).toMatchObject({ packageFormat: 'SCORM_1_2' });
  });

  it('takes a format that nobody has told us of for OTHER, and an empty batch for nothing', async () => {
    const version = names();
    await world.unitOfWork.run(WORKER, async (tx) => {
      await content(tx, [builtEvent(version, 'HOLOGRAM_9')]);
      await content(tx, []);
      await catalog(tx, []);
    }, CONSUMED);
    expect(await known(version.courseVersionId)).toMatchObject({ packageFormat: 'OTHER', courseId: null, ownerTenantId: null, publishedAt: null });
  });

  it('cannot be written in the name of a caller', async () => {
    await expect(world.unitOfWork.run(aUser('platform_admin'), (tx) => content(tx, [builtEvent(names())]), CONSUMED)).rejects.toThrow(/permission denied|row-level security/);
  });
});
