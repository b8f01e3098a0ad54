import type { CourseId, CourseVersionId, ListingId, TenantId, UserId } from '../ids';

export const LISTING_STATUSES = ['DRAFT', 'SUBMITTED', 'APPROVED', 'LIVE', 'SUSPENDED', 'ARCHIVED'] as const;
export type ListingStatus = (typeof LISTING_STATUSES)[number];
export const PACKAGE_FORMATS = ['SCORM_1_2', 'SCORM_2004', 'CMI5', 'OTHER'] as const;
export type PackageFormat = (typeof PACKAGE_FORMATS)[number];

export interface Asset {
  readonly url: string;
  readonly alt: string;
  readonly width: number | null;
  readonly height: number | null;
}

/** What a provider offers: one exact course version with its marketing copy. */
export interface Listing {
  readonly id: ListingId;
  readonly providerTenantId: TenantId;
  readonly courseId: CourseId;
  readonly courseVersionId: CourseVersionId;
  readonly title: string;
  readonly tagline: string | null;
  readonly description: string;
  readonly heroImage: Asset | null;
  readonly screenshots: readonly Asset[];
  readonly tags: readonly string[];
  /** Put forward by the platform. */
  readonly featured: boolean;
  readonly status: ListingStatus;
  readonly statusReason: string | null;
  readonly suspendedFrom: 'APPROVED' | 'LIVE' | null;
  /** For optimistic concurrency; grows by one with each change. */
  readonly version: number;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly liveAt: Date | null;
}

/** One entry of a listing's history; a change that leaves the status has `from` equal to `to`. */
export interface ListingTransition {
  readonly listingId: ListingId;
  readonly version: number;
  readonly from: ListingStatus | null;
  readonly to: ListingStatus;
  readonly reason: string | null;
  readonly actorId: UserId | null;
  readonly at: Date;
}

/** What catalog and content have said about a version, in whichever order. */
export interface CourseVersion {
  readonly courseVersionId: CourseVersionId;
  readonly courseId: CourseId | null;
  readonly ownerTenantId: TenantId | null;
  readonly publishedAt: Date | null;
  readonly playPackageId: string | null;
  readonly packageFormat: PackageFormat | null;
}
