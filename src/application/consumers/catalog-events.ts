import type { EventEnvelope } from '../events/event-envelope';
import type { CourseVersions } from '../ports/course-versions';
import type { Tx } from '../ports/unit-of-work';

export type CatalogEvent = EventEnvelope<'catalog.course_version.published.v1'>;

/** Takes in what catalog says, a batch in one statement: versions that can now be listed, by their owner. */
export function takeInCatalogEvents({ courseVersions }: { readonly courseVersions: CourseVersions }) {
  return (tx: Tx, envelopes: readonly CatalogEvent[]): Promise<void> => courseVersions.published(tx, envelopes.map(({ data, time }) => ({
    courseVersionId: data.courseVersionId, courseId: data.courseId, ownerTenantId: data.ownerTenantId, title: data.title, at: new Date(time),
  })));
}
