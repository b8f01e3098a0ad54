import type { FastifyPluginAsync } from 'fastify';
import { v7 } from 'uuid';
import { z } from 'zod';
import type { EventOutlet } from '../events/event-outlet';
import { parse } from '../http/problem';
import type { Course, CourseShelf, CourseVersion } from './course-shelf';

const courseRequest = z.strictObject({
  title: z.string().min(1).exactOptional(),
  description: z.string().exactOptional(),
  format: z.string().min(1).exactOptional(),
  publish: z.boolean().exactOptional(),
  build: z.boolean().exactOptional(),
  tid: z.guid().exactOptional(),
  courseId: z.guid().exactOptional(),
  courseVersionId: z.guid().exactOptional(),
});
type CourseRequest = z.infer<typeof courseRequest>;

/** POST /sandbox/courses: authors write courses, catalog publishes them, content builds their packages. */
export function coursesControls(shelf: CourseShelf, outlet: EventOutlet): FastifyPluginAsync {
  return async (app) => {
    app.post('/courses', async ({ body }, reply) => {
      const request = parse(courseRequest, body);
      const target = request.courseVersionId === undefined ? newVersion(shelf, request) : shelf.version(request.courseVersionId);
      const steps = stepsAskedFor(request);
      const version: CourseVersion = {
        ...target.version,
        status: steps.publish ? 'published' : target.version.status,
        built: steps.build || target.version.built,
      };
      shelf.put(target.course, version);
      if (steps.publish) announcePublished(outlet, target.course, version);
      if (steps.build) announceBuilt(outlet, target.course, version);
      const { courseVersionId, playPackageId } = version;
      return reply.status(201).send({ courseId: target.course.id, courseVersionId, playPackageId, tid: target.course.ownerTenantId });
    });
  };
}

/** A new version is published and built unless told otherwise; an existing one only does what is named. */
function stepsAskedFor({ courseVersionId, publish, build }: CourseRequest): { publish: boolean; build: boolean } {
  if (courseVersionId === undefined) return { publish: publish ?? true, build: build ?? true };
  return { publish: publish ?? false, build: build ?? false };
}

function newVersion(shelf: CourseShelf, request: CourseRequest): { course: Course; version: CourseVersion } {
  const course = request.courseId === undefined ? newCourse(request) : shelf.get(request.courseId);
  const version: CourseVersion = {
    courseVersionId: v7(),
    playPackageId: v7(),
    format: request.format ?? 'SCORM_2004',
    status: 'draft',
    built: false,
  };
  return { course, version };
}

function newCourse(request: CourseRequest): Course {
  const title = request.title ?? 'A course without a name';
  return {
    id: v7(),
    ownerTenantId: request.tid ?? v7(),
    title,
    description: request.description ?? `What there is to learn in "${title}".`,
    versions: [],
  };
}

function announcePublished(outlet: EventOutlet, course: Course, { courseVersionId }: CourseVersion): void {
  const { id: courseId, ownerTenantId, title } = course;
  outlet.publish({
    type: 'catalog.course_version.published.v1',
    source: '/catalog-service',
    subject: courseVersionId,
    tenantId: ownerTenantId,
    correlationId: courseId,
    causationId: courseVersionId,
    data: { courseId, courseVersionId, ownerTenantId, title },
  });
}

function announceBuilt(outlet: EventOutlet, course: Course, { courseVersionId, playPackageId, format }: CourseVersion): void {
  outlet.publish({
    type: 'content.play_package.built.v1',
    source: '/content-service',
    subject: playPackageId,
    tenantId: course.ownerTenantId,
    correlationId: course.id,
    causationId: courseVersionId,
    data: { courseVersionId, playPackageId, format },
  });
}
