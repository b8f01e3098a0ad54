import type { ApolloServerPlugin } from '@apollo/server';
import type { FastifyInstance } from 'fastify';
import type { GraphQLFormattedError } from 'graphql';

export type OnOperation = (transport: 'http' | 'ws', outcome: 'good' | 'bad') => void;

/** What nobody could have helped by asking better: we failed, or a neighbour that we cannot do without. */
const OUR_FAULT = new Set<unknown>(['INTERNAL_SERVER_ERROR', 'TEMPORARILY_UNAVAILABLE']);

export function outcomeOf(errors: readonly GraphQLFormattedError[] | undefined): 'good' | 'bad' {
  return errors?.some((error) => OUR_FAULT.has(error.extensions?.code)) ? 'bad' : 'good';
}

/** Each operation that GraphQL has answered over HTTP. */
export function httpOutcomes(onOperation: OnOperation): ApolloServerPlugin {
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ response }) {
          if (response.body.kind === 'single') onOperation('http', outcomeOf(response.body.singleResult.errors));
        },
      };
    },
  };
}

/** Requests that ended in an error of ours before GraphQL, or instead of it. */
export function failedRequests(app: FastifyInstance, path: string, onOperation: OnOperation): void {
  app.addHook('onError', async (request, _reply, error) => {
    if (request.url.startsWith(path) && (error.statusCode ?? 500) >= 500) onOperation('http', 'bad');
  });
}
