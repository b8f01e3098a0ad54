import type { FastifyPluginAsync } from 'fastify';
import { Problem } from '../http/problem';
import type { Neighbour, NeighbourContext } from '../neighbour';
import { catalogSubgraph } from './catalog-subgraph';
import { CourseShelf } from './course-shelf';
import { coursesControls } from './courses-controls';

/** catalog-service and content-service: courses, their versions and built packages, and the catalog subgraph. */
export function catalog({ outlet }: NeighbourContext): Neighbour {
  const shelf = new CourseShelf();
  return {
    prefix: '/catalog',
    api: async (app) => {
      await app.register(versionsRoute(shelf));
      await app.register(catalogSubgraph(shelf));
    },
    controls: coursesControls(shelf, outlet),
  };
}

function versionsRoute(shelf: CourseShelf): FastifyPluginAsync {
  return async (app) => {
    app.get<{ Params: { courseId: string; versionId: string } }>(
      '/api/v1/courses/:courseId/versions/:versionId',
      async ({ params: { courseId, versionId } }) => {
        const { course, version } = shelf.version(versionId);
        if (course.id !== courseId) throw new Problem(404, 'no-such-version', `course ${courseId} has no version ${versionId}`);
        return { courseId, versionId, ownerTenantId: course.ownerTenantId, status: version.status, title: course.title };
      },
    );
  };
}
