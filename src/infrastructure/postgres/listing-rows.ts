import type { CourseVersionRow } from '../../../entities/course-version';
import type { ListingRow } from '../../../entities/listing';
import type { ListingTransitionRow } from '../../../entities/listing-transition';
import type { CourseId, CourseVersionId, ListingId, TenantId, UserId } from '../../domain/ids';
import type { CourseVersion, Listing, ListingTransition } from '../../domain/listing/listing';

/** Columns of `listing l` under the names of {@link ListingRow}, for statements that TypeORM cannot say. */
export const LISTING_COLUMNS = `
  l.id, l.provider_tenant_id as "providerTenantId", l.course_id as "courseId", l.course_version_id as "courseVersionId",
  l.title, l.tagline, l.description, l.hero_image as "heroImage", l.screenshots, l.tags, l.featured, l.status,
  l.status_reason as "statusReason", l.suspended_from as "suspendedFrom", l.version,
  l.created_at as "createdAt", l.updated_at as "updatedAt", l.live_at as "liveAt"`;

export function listingOf(row: ListingRow): Listing {
  const { id, providerTenantId, courseId, courseVersionId, title, tagline, description, heroImage, screenshots, tags, featured } = row;
  const { status, statusReason, suspendedFrom, version, createdAt, updatedAt, liveAt } = row;
  return {
    id: id as ListingId,
    providerTenantId: providerTenantId as TenantId,
    courseId: courseId as CourseId,
    courseVersionId: courseVersionId as CourseVersionId,
    title, tagline, description, heroImage, screenshots, tags, featured,
    status, statusReason, suspendedFrom, version, createdAt, updatedAt, liveAt,
  };
}

export function rowOfListing(listing: Listing): ListingRow {
  return { ...listing, screenshots: [...listing.screenshots], tags: [...listing.tags] };
}

export function transitionOf({ listingId, version, from, to, reason, actorId, at }: ListingTransitionRow): ListingTransition {
  return { listingId: listingId as ListingId, version, from, to, reason, actorId: actorId as UserId | null, at };
}

export function courseVersionOf(row: Omit<CourseVersionRow, 'title' | 'builtAt'>): CourseVersion {
  const { courseVersionId, courseId, ownerTenantId, publishedAt, playPackageId, packageFormat } = row;
  return {
    courseVersionId: courseVersionId as CourseVersionId,
    courseId: courseId as CourseId | null,
    ownerTenantId: ownerTenantId as TenantId | null,
    publishedAt, playPackageId, packageFormat,
  };
}
