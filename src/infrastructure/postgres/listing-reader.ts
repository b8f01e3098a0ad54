import { In } from 'typeorm';
import type { ListingRow } from '../../../entities/listing';
import { ListingTransitionRow } from '../../../entities/listing-transition';
import type { Page, PageRequest } from '../../application/ports/page';
import type { ListingFilter, ListingReader, ListingSort } from '../../application/ports/readers';
import type { Tx } from '../../application/ports/unit-of-work';
import type { CourseId, CourseVersionId, ListingId } from '../../domain/ids';
import type { CourseVersion, Listing, ListingTransition } from '../../domain/listing/listing';
import { countRows } from './keyset';
import { listingConditions } from './listing-filter';
import { orderOf, pageOf } from './listing-page';
import { courseVersionOf, LISTING_COLUMNS, listingOf, transitionOf } from './listing-rows';
import { AMONG_IDS } from './rows';
import { inside } from './transaction';

export class PostgresListingReader implements ListingReader {
  async byIds(tx: Tx, ids: readonly ListingId[]): Promise<Listing[]> {
    return (await inside(tx).prepared<ListingRow>('listings-by-ids', `select ${LISTING_COLUMNS} from marketplace.listing l where l.id = ${AMONG_IDS}`, [ids])).map(listingOf);
  }

  async page(tx: Tx, filter: ListingFilter, page: PageRequest, sort: ListingSort = 'NEWEST'): Promise<Page<Listing>> {
    const conditions = listingConditions(filter);
    const { key, type, direction } = orderOf(sort, filter, conditions);
    if (page.after) {
      const seen = `(${conditions.placeholder(page.after.key)}::${type}, ${conditions.placeholder(page.after.id)}::uuid)`;
      conditions.also(`(${key}, l.id) ${direction === 'asc' ? '>' : '<'} ${seen}`);
    }
    const rows = await inside(tx).query<ListingRow & { readonly sort_key: unknown }>(
      `select ${LISTING_COLUMNS}, ${key} as sort_key from marketplace.listing l
       where ${conditions.sql} order by ${key} ${direction}, l.id ${direction} limit ${conditions.placeholder(page.first + 1)}`,
      conditions.values,
    );
    return pageOf(rows.map((row) => ({ listing: listingOf(row), key: row.sort_key })), page);
  }

  async count(tx: Tx, filter: ListingFilter): Promise<number> {
    return countRows(tx, 'marketplace.listing l', listingConditions(filter));
  }

  async livePagesOfCourses(tx: Tx, ids: readonly CourseId[], page: PageRequest, only?: readonly ListingId[]): Promise<Map<CourseId, Page<Listing>>> {
    const rows = await inside(tx).prepared<ListingRow>('listing-live-pages-of-courses', LIVE_PAGES_OF_COURSES, [
      ids, page.after?.key ?? null, page.after?.id ?? null, page.first + 1, only ?? null,
    ]);
    const listings = new Map<CourseId, Listing[]>(ids.map((id) => [id, []]));
    for (const listing of rows.map(listingOf)) listings.get(listing.courseId)?.push(listing);
    return new Map([...listings].map(([id, read]) => [id, pageOf(read.map((listing) => ({ listing, key: listing.liveAt })), page)]));
  }

  async liveCountsOfCourses(tx: Tx, ids: readonly CourseId[], only?: readonly ListingId[]): Promise<Map<CourseId, number>> {
    const rows = await inside(tx).prepared<{ course_id: CourseId; count: number }>('listing-live-counts-of-courses',
      `select course_id, count(*)::int as count from marketplace.listing
       where status = 'LIVE' and course_id = any ($1::uuid[]) and ($2::uuid[] is null or id = any ($2)) group by course_id`,
      [ids, only ?? null],
    );
    const counts = new Map(rows.map((row) => [row.course_id, row.count]));
    return new Map(ids.map((id) => [id, counts.get(id) ?? 0]));
  }

  async transitions(tx: Tx, ids: readonly ListingId[]): Promise<ListingTransition[]> {
    const rows = await inside(tx).entities.find(ListingTransitionRow, { where: { listingId: In(ids) }, order: { listingId: 'asc', version: 'asc' } });
    return rows.map(transitionOf);
  }

  async courseVersions(tx: Tx, ids: readonly CourseVersionId[]): Promise<CourseVersion[]> {
    return (await inside(tx).prepared<Parameters<typeof courseVersionOf>[0]>('course-versions-by-ids', COURSE_VERSIONS, [ids])).map(courseVersionOf);
  }
}

const COURSE_VERSIONS = `select course_version_id as "courseVersionId", course_id as "courseId", owner_tenant_id as "ownerTenantId", published_at as "publishedAt",
    play_package_id as "playPackageId", package_format as "packageFormat"
  from marketplace.course_version where course_version_id = ${AMONG_IDS}`;

/** One index scan per course, each of which stops at its page's end; a window function would number every row first. */
const LIVE_PAGES_OF_COURSES = `
  select l.* from unnest($1::uuid[]) with ordinality as course (id, position)
  cross join lateral (
    select ${LISTING_COLUMNS} from marketplace.listing l
    where l.course_id = course.id and l.status = 'LIVE'
      and ($2::timestamptz is null or (l.live_at, l.id) < ($2::timestamptz, $3::uuid))
      and ($5::uuid[] is null or l.id = any ($5))
    order by l.live_at desc, l.id desc limit $4
  ) l
  order by course.position, l."liveAt" desc, l.id desc`;
