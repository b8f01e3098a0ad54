import type { ApolloServerPlugin } from '@apollo/server';
import { getDirectiveValues, getNamedType, isCompositeType, isObjectType, TypeInfo, visit, visitWithTypeInfo } from 'graphql';
import type { DocumentNode, GraphQLDirective, GraphQLField, GraphQLNamedType, GraphQLSchema } from 'graphql';

interface Hint {
  readonly maxAge?: number;
  readonly inheritMaxAge?: boolean;
}

/**
 * How long a shared cache may keep an answer (`Cache-Control`), by the schema's @cacheControl. The hints depend on nothing but
 * the document, so they are read once for each, where Apollo's own plugin would look at every field of every answer.
 *
 * An answer to somebody with a token is theirs: a listing can be a draft that only they see, so nothing about the
 * fields could say that it is public. Caches are told that anonymous answers differ from those.
 */
export function cacheControl(): ApolloServerPlugin {
  const known = new WeakMap<DocumentNode, number>();
  const maxAgeOf = (schema: GraphQLSchema, document: DocumentNode): number => {
    const maxAge = known.get(document) ?? publicSeconds(schema, document);
    known.set(document, maxAge);
    return maxAge;
  };
  return {
    async requestDidStart() {
      return {
        async willSendResponse({ request, schema, document, response: { http, body } }) {
          const anonymous = request.http?.headers.get('authorization') === undefined;
          const complete = body.kind === 'single' && body.singleResult.errors === undefined;
          const maxAge = anonymous && complete && document ? maxAgeOf(schema, document) : 0;
          http.headers.set('cache-control', maxAge > 0 ? `max-age=${maxAge}, public` : 'no-store');
          http.headers.set('vary', 'authorization');
        },
      };
    },
  };
}

/**
 * The shortest of what its fields allow, in seconds. A field's hint goes before its type's; without either an object, or whatever
 * stands at the root, is not kept at all, and a scalar is kept as long as its parent. The document must be valid.
 */
function publicSeconds(schema: GraphQLSchema, document: DocumentNode): number {
  const types = new TypeInfo(schema);
  const hints: number[] = [];
  visit(document, visitWithTypeInfo(types, {
    Field() {
      const [parent, field] = [types.getParentType(), types.getFieldDef()];
      if (!parent || !field || field.name.startsWith('__')) return;
      const atRoot = parent === schema.getQueryType() || parent === schema.getMutationType();
      hints.push(secondsOf(schema.getDirective('cacheControl'), field, atRoot));
    },
  }));
  return hints.length === 0 ? 0 : Math.min(...hints);
}

function secondsOf(directive: GraphQLDirective | null | undefined, field: GraphQLField<unknown, unknown>, atRoot: boolean): number {
  const type = getNamedType(field.type);
  const [own, general] = [hintOf(directive, field), hintOf(directive, type)];
  const inherits = own.inheritMaxAge === true || general.inheritMaxAge === true || !isCompositeType(type);
  return own.maxAge ?? general.maxAge ?? (inherits && !atRoot ? Infinity : 0);
}

function hintOf(directive: GraphQLDirective | null | undefined, of: GraphQLField<unknown, unknown> | GraphQLNamedType): Hint {
  const node = 'args' in of || isObjectType(of) ? of.astNode : undefined;
  return directive && node ? (getDirectiveValues(directive, node) ?? {}) : {};
}
