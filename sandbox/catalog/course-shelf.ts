import { Problem } from '../http/problem';

export interface CourseVersion {
  readonly courseVersionId: string;
  readonly playPackageId: string;
  readonly format: string;
  readonly status: 'draft' | 'published';
  readonly built: boolean;
}

export interface Course {
  readonly id: string;
  readonly ownerTenantId: string;
  readonly title: string;
  readonly description: string;
  readonly versions: readonly CourseVersion[];
}

/** The courses that exist, with their versions. */
export class CourseShelf {
  private readonly courses = new Map<string, Course>();
  private readonly courseOfVersion = new Map<string, string>();

  all(): Course[] {
    return [...this.courses.values()];
  }

  find(courseId: string): Course | undefined {
    return this.courses.get(courseId);
  }

  /** @throws Problem 404 */
  get(courseId: string): Course {
    const course = this.courses.get(courseId);
    if (course === undefined) throw new Problem(404, 'no-such-course', `there is no course ${courseId}`);
    return course;
  }

  /** @throws Problem 404 */
  version(courseVersionId: string): { course: Course; version: CourseVersion } {
    const course = this.courses.get(this.courseOfVersion.get(courseVersionId) ?? '');
    const version = course?.versions.find((candidate) => candidate.courseVersionId === courseVersionId);
    if (course === undefined || version === undefined) {
      throw new Problem(404, 'no-such-version', `there is no course version ${courseVersionId}`);
    }
    return { course, version };
  }

  /** Adds the version, or replaces the one with its id. */
  put(course: Course, version: CourseVersion): void {
    const others = course.versions.filter(({ courseVersionId }) => courseVersionId !== version.courseVersionId);
    this.courses.set(course.id, { ...course, versions: [...others, version] });
    this.courseOfVersion.set(version.courseVersionId, course.id);
  }
}
