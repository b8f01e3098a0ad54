import { GraphQLError } from 'graphql';

/*
 * Errors of an operation as opposed to the refusals of a mutation, which are data. Each has a code for programs;
 * everything that is thrown without one is a fault of ours and is masked before it leaves.
 */

/** Why a caller's token was not accepted, or that none was sent. */
export interface Rejection {
  readonly code: 'UNAUTHENTICATED' | 'TEMPORARILY_UNAVAILABLE';
  readonly message: string;
}

const NO_TOKEN: Rejection = { code: 'UNAUTHENTICATED', message: 'This needs a token: send it as “Authorization: Bearer …”.' };

export function notAuthenticated(rejection: Rejection | null): GraphQLError {
  const { code, message } = rejection ?? NO_TOKEN;
  return new GraphQLError(message, { extensions: { code } });
}

export function badInput(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'BAD_USER_INPUT' } });
}

export function notFound(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'NOT_FOUND' } });
}

export function temporarilyUnavailable(message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code: 'TEMPORARILY_UNAVAILABLE' } });
}
