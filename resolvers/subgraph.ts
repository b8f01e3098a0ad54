import 'reflect-metadata';
import { buildSubgraphSchema } from '@apollo/subgraph';
import { getDocumentNodeFromSchema } from '@graphql-tools/utils';
import { isEnumType, Kind, parse, print, visit } from 'graphql';
import type { DocumentNode, GraphQLFieldResolver, GraphQLSchema } from 'graphql';
import { buildSchemaSync, createResolversMap, getMetadataStorage } from 'type-graphql';
import type { PubSub } from 'type-graphql';
import { CouponResolver } from './coupon.resolver';
import { CourseResolver } from './course.resolver';
import { EarningsResolver, LedgerEntryResolver, ProviderSaleResolver } from './earnings.resolver';
import { ENTITY_REFERENCES } from './entity-references';
import { LicenseMutations } from './license-mutations';
import { LicenseSubscription } from './license.subscription';
import { LicenseResolver, SeatResolver } from './license.resolver';
import { ListingMutations } from './listing-mutations';
import { ListingResolver, ListingTransitionResolver } from './listing.resolver';
import { MoneyResolver } from './money.resolver';
import type { OperationContext } from './operation-context';
import { OperatorMutations } from './operator-mutations';
import { OrderLineResolver } from './order-line.resolver';
import { OrderStatusSubscription } from './order-status.subscription';
import { OrderResolver } from './order.resolver';
import { PayoutResolver } from './payout.resolver';
import { PricingPlanResolver, PricingPlanRevisionResolver } from './plan.resolver';
import { QuoteResolver } from './quote.resolver';
import { RefundResolver } from './refund.resolver';
import { StorefrontResolver } from './storefront.resolver';
import { LicenseSubscriptionResolver, SubscriptionContractResolver } from './subscription-contract.resolver';
import { SubscriptionContractMutations } from './subscription-contract-mutations';
import { SagaResolver, SagaTransitionResolver } from './saga.resolver';

const RESOLVERS = [
  ListingResolver, ListingTransitionResolver, ListingMutations, PricingPlanResolver, PricingPlanRevisionResolver, CourseResolver, QuoteResolver,
  LicenseMutations, LicenseSubscription, OperatorMutations,
  OrderResolver, OrderLineResolver, OrderStatusSubscription, RefundResolver, LicenseResolver, SeatResolver, MoneyResolver, SagaResolver, SagaTransitionResolver,
  SubscriptionContractResolver, SubscriptionContractMutations, LicenseSubscriptionResolver,
  EarningsResolver, ProviderSaleResolver, LedgerEntryResolver,
  CouponResolver,
  PayoutResolver,
  StorefrontResolver,
] as const;

type ResolverMap = NonNullable<Extract<Parameters<typeof buildSubgraphSchema>[0], { readonly typeDefs: unknown; readonly resolvers?: unknown }>['resolvers']>;

type MutationResolver = GraphQLFieldResolver<unknown, OperationContext>;

const FEDERATION = `extend schema
  @link(url: "https://specs.apollo.dev/federation/v2.9", import: ["@key", "@shareable", "@tag", "@authenticated"])
directive @cacheControl(maxAge: Int, inheritMaxAge: Boolean) on FIELD_DEFINITION | OBJECT`;

/** Required by type-graphql for any subscription; ours bring their own source. */
const NO_PUBSUB: PubSub = {
  publish() { throw new Error('subscriptions have their own source'); },
  subscribe() { throw new Error('subscriptions have their own source'); },
};

/** The subgraph, ready to be served; its context is an `OperationContext`. */
export function buildSubgraph(): GraphQLSchema {
  const schema = buildGraph();
  const resolvers: Record<string, object> = createResolversMap(schema);
  for (const [type, __resolveReference] of Object.entries(ENTITY_REFERENCES)) resolvers[type] = { ...resolvers[type], __resolveReference };
  resolvers.Mutation = eachAnew(resolvers.Mutation as Record<string, MutationResolver>);
  return buildSubgraphSchema({ typeDefs: definitions(schema), resolvers: resolvers as ResolverMap });
}

/** Mutations of one operation run one after the other: each answers with what is true after it, not with what was read for one before. */
function eachAnew(mutations: Readonly<Record<string, MutationResolver>>): Record<string, MutationResolver> {
  const anew = (resolve: MutationResolver): MutationResolver => (root, args, context, info) => {
    context.renewLoaders();
    return resolve(root, args, context, info);
  };
  return Object.fromEntries(Object.entries(mutations).map(([name, resolve]) => [name, anew(resolve)]));
}

/** The schema as other teams compose it: schema/marketplace.graphql. */
export function printSubgraph(): string {
  return `${print(definitions(buildGraph()))}\n`;
}

function buildGraph(): GraphQLSchema {
  // Plain properties need no resolver, which type-graphql would else give each of them: GraphQL reads them itself, faster.
  for (const type of getMetadataStorage().objectTypes) type.simpleResolvers = true;
  const schema = buildSchemaSync({ resolvers: [...RESOLVERS], validate: false, pubSub: NO_PUBSUB });
  // type-graphql keeps no directives of enums, so these are put where the printer looks for it.
  for (const name of ['SagaState', 'SagaOutcome']) {
    const type = schema.getType(name);
    if (isEnumType(type)) type.extensions = { ...type.extensions, directives: { tag: { name: 'operator' } } };
  }
  return schema;
}

/** With every directive; type-graphql's arguments come in the order in which decorators run, which is backwards. */
function definitions(schema: GraphQLSchema): DocumentNode {
  const { definitions } = visit(getDocumentNodeFromSchema(schema), {
    FieldDefinition: (field) => ({ ...field, arguments: field.arguments?.toReversed() ?? [] }),
  });
  return { kind: Kind.DOCUMENT, definitions: [...parse(FEDERATION).definitions, ...definitions] };
}
