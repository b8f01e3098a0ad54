import type { ApolloServerPlugin } from '@apollo/server';

/**
 * An answer to somebody with a token is theirs: a listing can be a draft that only they see, so nothing about the
 * fields could say that it is public. Caches are told that anonymous answers differ from those.
 */
export const PRIVATE_ANSWERS: ApolloServerPlugin = {
  async requestDidStart() {
    return {
      async didResolveOperation({ request, overallCachePolicy }) {
        if (request.http?.headers.get('authorization') !== undefined) overallCachePolicy.restrict({ maxAge: 0, scope: 'PRIVATE' });
      },
      async willSendResponse({ response }) {
        response.http.headers.set('vary', 'authorization');
      },
    };
  },
};
