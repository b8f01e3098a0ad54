import { In } from 'typeorm';
import { CourseVersionRow } from '../../../entities/course-version';
import { ListingRow } from '../../../entities/listing';
import { ListingTransitionRow } from '../../../entities/listing-transition';
import type { Page, PageRequest } from '../../application/ports/page';
import type { ListingFilter, ListingReader } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import type { CourseId, CourseVersionId, ListingId } from '../../domain/ids';
import type { CourseVersion, Listing, ListingTransition } from '../../domain/listing/listing';
import { conditionOf, pageOf, sortColumnOf } from './listing-page';
import { courseVersionOf, LISTING_COLUMNS, listingOf, transitionOf } from './listing-rows';
import { inside } from './transaction';

export class PostgresListingReader implements ListingReader {
  async byIds(tx: Tx, ids: readonly ListingId[]): Promise<Listing[]> {
    return (await inside(tx).entities.findBy(ListingRow, { id: In(ids) })).map(listingOf);
  }

  async page(tx: Tx, filter: ListingFilter, page: PageRequest): Promise<Page<Listing>> {
    const column = sortColumnOf(filter);
    const { sql, values } = conditionOf(filter);
    const n = values.length;
    const rows = await inside(tx).query<ListingRow>(
      `select ${LISTING_COLUMNS} from marketplace.listing l
       where ${sql} ${page.after ? `and (l.${column}, l.id) < ($${n + 2}::timestamptz, $${n + 3}::uuid)` : ''}
       order by l.${column} desc, l.id desc limit $${n + 1}`,
      [...values, page.first + 1, ...(page.after ? [page.after.key, page.after.id] : [])],
    );
    return pageOf(rows.map(listingOf), page, column);
  }

  async count(tx: Tx, filter: ListingFilter): Promise<number> {
    const { sql, values } = conditionOf(filter);
    const [row] = await inside(tx).query<{ count: number }>(`select count(*)::int as count from marketplace.listing l where ${sql}`, values);
    return row?.count ?? 0;
  }

  async livePagesOfCourses(tx: Tx, ids: readonly CourseId[], page: PageRequest): Promise<Map<CourseId, Page<Listing>>> {
    const rows = await inside(tx).prepared<ListingRow>('listing-live-pages-of-courses', LIVE_PAGES_OF_COURSES, [
      ids, page.after?.key ?? null, page.after?.id ?? null, page.first + 1,
    ]);
    const listings = new Map<CourseId, Listing[]>(ids.map((id) => [id, []]));
    for (const listing of rows.map(listingOf)) listings.get(listing.courseId)?.push(listing);
    return new Map([...listings].map(([id, read]) => [id, pageOf(read, page, 'live_at')]));
  }

  async liveCountsOfCourses(tx: Tx, ids: readonly CourseId[]): Promise<Map<CourseId, number>> {
    const rows = await inside(tx).query<{ course_id: CourseId; count: number }>(
      `select course_id, count(*)::int as count from marketplace.listing where status = 'LIVE' and course_id = any ($1::uuid[]) group by course_id`,
      [ids],
    );
    const counts = new Map(rows.map((row) => [row.course_id, row.count]));
    return new Map(ids.map((id) => [id, counts.get(id) ?? 0]));
  }

  async transitions(tx: Tx, ids: readonly ListingId[]): Promise<ListingTransition[]> {
    const rows = await inside(tx).entities.find(ListingTransitionRow, { where: { listingId: In(ids) }, order: { listingId: 'asc', version: 'asc' } });
    return rows.map(transitionOf);
  }

  async courseVersions(tx: Tx, ids: readonly CourseVersionId[]): Promise<CourseVersion[]> {
    return (await inside(tx).entities.findBy(CourseVersionRow, { courseVersionId: In(ids) })).map(courseVersionOf);
  }
}

/** One index scan per course, each of which stops at its page's end; a window function would number every row first. */
const LIVE_PAGES_OF_COURSES = `
  select l.* from unnest($1::uuid[]) with ordinality as course (id, position)
  cross join lateral (
    select ${LISTING_COLUMNS} from marketplace.listing l
    where l.course_id = course.id and l.status = 'LIVE'
      and ($2::timestamptz is null or (l.live_at, l.id) < ($2::timestamptz, $3::uuid))
    order by l.live_at desc, l.id desc limit $4
  ) l
  order by course.position, l."liveAt" desc, l.id desc`;
