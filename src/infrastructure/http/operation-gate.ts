import { GraphQLError, NoSchemaIntrospectionCustomRule } from 'graphql';
import type { ASTVisitor, ValidationContext, ValidationRule } from 'graphql';
import { cardNumberIn } from './card-numbers';
import { operationCost } from './operation-cost';
import type { ReadyOperation } from './operation-cost';
import { operationLimits, overLimit } from './operation-limits';
import type { OperationLimits } from './operation-limits';

/** What every operation has to pass before anything of it runs; both transports ask the same gate. */
export interface OperationGate {
  /** For the parser. */
  readonly maxTokens: number;
  /** Rules beside GraphQL's own. */
  readonly rules: readonly ValidationRule[];
  /** What is wrong with a valid operation and its variables, or null. */
  refusal(ready: ReadyOperation): GraphQLError | null;
}

export function operationGate(limits: OperationLimits, introspection: boolean): OperationGate {
  return {
    maxTokens: limits.maxTokens,
    rules: [operationLimits(limits), ...(introspection ? [] : [NoSchemaIntrospectionCustomRule, noServiceDefinition])],
    refusal: (ready) => cardRefusal(ready) ?? costRefusal(ready, limits.maxCost),
  };
}

function costRefusal(ready: ReadyOperation, maxCost: number): GraphQLError | null {
  const cost = operationCost(ready);
  if (cost <= maxCost) return null;
  return overLimit('cost', `The operation asks for up to ${cost} objects; at most ${maxCost} are possible. Ask for smaller pages or in several operations.`, maxCost, cost, 'OPERATION_TOO_COSTLY');
}

/** The number itself is repeated nowhere, not even to whoever sent it. */
function cardRefusal({ document, variables }: ReadyOperation): GraphQLError | null {
  const path = cardNumberIn(document, variables);
  if (path === null) return null;
  const message = `${path} looks like a card number. Card data is neither needed nor taken here: pay on the page that the order’s paymentUrl names.`;
  return new GraphQLError(message, { extensions: { code: 'CARD_NUMBER_REFUSED', argument: path } });
}

/** Federation's way to the whole schema. Gateways are given the composed supergraph and need not ask. */
function noServiceDefinition(context: ValidationContext): ASTVisitor {
  return {
    Field(node) {
      if (node.name.value === '_service') context.reportError(new GraphQLError('The schema is not told here: “_service” is refused, as introspection is.', { nodes: node }));
    },
  };
}
