import { PACKAGE_FORMATS, type PackageFormat } from '../../domain/listing/listing';
import type { EventEnvelope } from '../events/event-envelope';
import type { CourseVersions } from '../ports/course-versions';
import type { Tx } from '../ports/unit-of-work';

export type ContentEvent = EventEnvelope<'content.play_package.built.v1'>;

/** Takes in what content says, a batch in one statement: versions that can now be played, so sold. */
export function takeInContentEvents({ courseVersions }: { readonly courseVersions: CourseVersions }) {
  return (tx: Tx, envelopes: readonly ContentEvent[]): Promise<void> => courseVersions.built(tx, envelopes.map(({ data, time }) => ({
    courseVersionId: data.courseVersionId, playPackageId: data.playPackageId, format: packageFormatOf(data.format), at: new Date(time),
  })));
}

/** "scorm 1.2" and "SCORM_1_2" are the same; a format that we do not know is OTHER, not an error. */
export function packageFormatOf(name: string): PackageFormat {
  const normalised = name.toUpperCase().replaceAll(/[^A-Z0-9]+/g, '_');
  return PACKAGE_FORMATS.find((format) => format === normalised) ?? 'OTHER';
}
