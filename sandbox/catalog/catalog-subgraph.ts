import { readFileSync } from 'node:fs';
import { buildSubgraphSchema } from '@apollo/subgraph';
import type { FastifyPluginAsync } from 'fastify';
import { graphql, parse as parseGraphQL } from 'graphql';
import { z } from 'zod';
import { parse } from '../http/problem';
import { projectFile } from '../process/project-root';
import type { Course, CourseShelf } from './course-shelf';

const graphqlRequest = z.object({
  query: z.string(),
  variables: z.record(z.string(), z.unknown()).nullish(),
  operationName: z.string().nullish(),
});

interface Reference { readonly id: string }

/** Catalog's subgraph at /graphql, so that a real supergraph can be composed and served. */
export function catalogSubgraph(shelf: CourseShelf): FastifyPluginAsync {
  const schema = buildSubgraphSchema({
    typeDefs: parseGraphQL(readFileSync(projectFile('sandbox', 'catalog', 'catalog.graphql'), 'utf8')),
    resolvers: {
      Query: {
        course: (_root: unknown, { id }: Reference): Course | undefined => shelf.find(id),
        courses: (): Course[] => shelf.all(),
      },
      Course: { __resolveReference: ({ id }: Reference): Course | null => shelf.find(id) ?? null },
      User: { __resolveReference: named('User') },
      Tenant: { __resolveReference: named('Tenant') },
    },
  });
  return async (app) => {
    app.post('/graphql', async ({ body }, reply) => {
      const { query, variables, operationName } = parse(graphqlRequest, body);
      const result = await graphql({ schema, source: query, variableValues: variables, operationName });
      return reply.type('application/json; charset=utf-8').send(JSON.stringify(result));
    });
  };
}

/** People and tenants exist by any id here; their names say no more than that. */
function named(kind: 'User' | 'Tenant') {
  return ({ id }: Reference): { id: string; name: string } => ({ id, name: `${kind} ${id.slice(-4)}` });
}
