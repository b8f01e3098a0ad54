import type { Cursor, Page, PageRequest } from '../../application/ports/page';
import type { ListingFilter } from '../../application/ports/readers';
import type { Listing } from '../../domain/listing/listing';

/** Pages of live listings run along `live_at` (index listing_live), others along `created_at`; both newest first. */
export function sortColumnOf({ statuses }: ListingFilter): 'live_at' | 'created_at' {
  return statuses?.length === 1 && statuses[0] === 'LIVE' ? 'live_at' : 'created_at';
}

export interface Condition {
  readonly sql: string;
  readonly values: readonly unknown[];
}

/** The filter as SQL over `listing l`. Each status is written out, so that partial indexes are seen to apply. */
export function conditionOf({ courseIds, providerTenantId, statuses }: ListingFilter): Condition {
  const values: unknown[] = [];
  const parameter = (value: unknown): string => `$${values.push(value)}`;
  const parts = [
    courseIds && `l.course_id = any (${parameter(courseIds)}::uuid[])`,
    providerTenantId && `l.provider_tenant_id = ${parameter(providerTenantId)}`,
    statuses && (statuses.length === 0 ? 'false' : `l.status in (${statuses.map((status) => `'${status}'`).join(', ')})`),
  ].filter((part) => part !== undefined && part !== '');
  return { sql: parts.length === 0 ? 'true' : parts.join(' and '), values };
}

/** A page of the rows that were read, one more than asked for where there are more. */
export function pageOf(read: readonly Listing[], { first }: PageRequest, column: 'live_at' | 'created_at'): Page<Listing> {
  const nodes = read.slice(0, first);
  return { nodes, cursors: nodes.map((listing) => cursorOf(listing, column)), hasNextPage: read.length > first };
}

function cursorOf({ id, liveAt, createdAt }: Listing, column: 'live_at' | 'created_at'): Cursor {
  return { key: ((column === 'live_at' ? liveAt : null) ?? createdAt).toISOString(), id };
}
