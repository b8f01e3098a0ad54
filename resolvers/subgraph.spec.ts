import { readFileSync } from 'node:fs';
import { composeServices as composeByApollo } from '@apollo/composition';
import { composeServices as composeByGuild } from '@theguild/federation-composition';
import { isEnumType, isInputObjectType, isObjectType, isSpecifiedScalarType, parse } from 'graphql';
import type { GraphQLArgument, GraphQLSchema } from 'graphql';
import { buildSubgraph, printSubgraph } from './subgraph';

interface Described {
  readonly coordinate: string;
  readonly description: string | null | undefined;
}

/** Federation's own: the gateway's entry points and the scalars of its directives. */
const MACHINERY = new Set(['_Any', '_Entity', '_Service', 'federation__FieldSet', 'federation__Policy', 'federation__Scope', 'federation__ContextFieldValue', 'link__Import', 'link__Purpose']);

function everythingIn(schema: GraphQLSchema): Described[] {
  return Object.values(schema.getTypeMap())
    .filter((type) => !type.name.startsWith('__') && !isSpecifiedScalarType(type) && !MACHINERY.has(type.name))
    .flatMap((type): Described[] => {
      const members = isEnumType(type) ? type.getValues() : isObjectType(type) || isInputObjectType(type) ? Object.values(type.getFields()) : [];
      return [
        ...(['Query', 'Mutation', 'Subscription'].includes(type.name) ? [] : [{ coordinate: type.name, description: type.description }]),
        ...members.filter(({ name }) => !name.startsWith('_')).flatMap((member) => [
          { coordinate: `${type.name}.${member.name}`, description: member.description },
          ...('args' in member ? member.args.map((arg: GraphQLArgument) => ({ coordinate: `${type.name}.${member.name}(${arg.name}:)`, description: arg.description })) : []),
        ]),
      ];
    });
}

describe('the subgraph', () => {
  const committed = (file: string): string => readFileSync(file, 'utf8');

  it('describes every type, field, argument, input field and enum value', () => {
    const silent = everythingIn(buildSubgraph()).filter(({ description }) => !description?.trim());
    expect(silent.map(({ coordinate }) => coordinate)).toEqual([]);
  });

  it('is what schema/marketplace.graphql says', () => {
    expect(printSubgraph()).toBe(committed('schema/marketplace.graphql'));
  });

  it.each([['@apollo/composition', composeByApollo], ['@theguild/federation-composition', composeByGuild]])('composes with the catalog, says %s', (_by, compose) => {
    const { errors } = compose([
      { name: 'marketplace', url: 'http://marketplace.invalid', typeDefs: parse(printSubgraph()) },
      { name: 'catalog', url: 'http://catalog.invalid', typeDefs: parse(committed('sandbox/catalog/catalog.graphql')) },
    ]);
    expect(errors ?? []).toEqual([]);
  });

  it('tags what is for operators', () => {
    const tagged = printSubgraph().split('\n').filter((line) => line.includes('@tag(name: "operator")'));
    expect(tagged.filter((line) => /^(type|input|enum) /.test(line)).map((line) => line.split(' ')[1]).sort()).toEqual([
      'DeadLetter', 'DeadLetterConnection', 'DeadLetterEdge', 'DeadLetterPayload', 'Saga', 'SagaConnection', 'SagaEdge', 'SagaFilter', 'SagaOutcome', 'SagaPayload', 'SagaState', 'SagaTransition',
    ]);
    expect(tagged).toHaveLength(12 + ['saga', 'sagas', 'deadLetters', 'retrySaga', 'compensateSaga', 'resolveSaga', 'replayDeadLetter', 'approveListing', 'rejectListing', 'suspendListing', 'reinstateListing', 'featureListing', 'grantLicense', 'revokeLicense', 'refundOrder', 'runPayouts'].length);
  });
});
