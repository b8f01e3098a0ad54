import type { CourseId, CourseVersionId } from '../../domain/ids';
import type { CourseVersion } from '../../domain/listing/listing';
import { type Caller, WORKER } from '../actor';
import { NeighbourUnavailable } from '../ports/neighbour-unavailable';
import { ok, refused, type Result, userError } from '../user-error';
import type { ListingDependencies } from './dependencies';

type Needs = Pick<ListingDependencies, 'unitOfWork' | 'readers' | 'courseVersions' | 'catalog'>;

/**
 * What is known of a course version, asking catalog where its event has not told `enough` yet; null: there is none.
 * What catalog answers is kept, in a transaction of its own: the caller may read course versions, not write them.
 * Makes a remote call, so it runs before the caller's transaction.
 */
export async function courseVersionOf(
  needs: Needs, caller: Caller, courseId: CourseId, courseVersionId: CourseVersionId, enough: (known: CourseVersion) => boolean,
): Promise<Result<CourseVersion | null>> {
  const known = await read(needs, caller, courseVersionId);
  if (known !== null && enough(known)) return ok(known);
  try {
    const version = await needs.catalog.findVersion(courseId, courseVersionId);
    if (version === null) return ok(known);
    await needs.unitOfWork.run(WORKER, (tx) => needs.courseVersions.remember(tx, version), { commit: 'course-version.remember' });
  } catch (error) {
    if (error instanceof NeighbourUnavailable) return refused(catalogUnavailable());
    throw error;
  }
  return ok(await read(needs, caller, courseVersionId));
}

async function read({ unitOfWork, readers }: Needs, caller: Caller, courseVersionId: CourseVersionId): Promise<CourseVersion | null> {
  const [known = null] = await unitOfWork.run(caller, (tx) => readers.listings.courseVersions(tx, [courseVersionId]));
  return known;
}

function catalogUnavailable() {
  return userError('TEMPORARILY_UNAVAILABLE', 'The catalog cannot be asked about this course version right now. Please try again in a minute.', [], { service: 'catalog' });
}
