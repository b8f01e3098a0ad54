import { GraphQLError, Kind } from 'graphql';
import type { ASTVisitor, DocumentNode, FragmentDefinitionNode, SelectionSetNode, ValidationContext } from 'graphql';

/** Words and signs of an operation's text, for the parser. */
export const MAX_TOKENS = 5_000;
/** Fields inside fields; a query of orders down to their plans' refund policies has 10. */
export const MAX_DEPTH = 12;
/** The same field under several names, over the whole operation. */
export const MAX_ALIASES = 100;

/** A validation rule: operations are bounded before anything of them runs. Introspection has its own bounds. */
export function operationLimits(context: ValidationContext): ASTVisitor {
  let aliases = 0;
  const depth = depthIn(context.getDocument());
  return {
    Field({ alias }) {
      if (alias && ++aliases === MAX_ALIASES + 1) context.reportError(new GraphQLError(`The operation has more than ${MAX_ALIASES} aliases.`));
    },
    OperationDefinition({ selectionSet }) {
      const found = depth(selectionSet);
      if (found > MAX_DEPTH) context.reportError(new GraphQLError(`The operation is ${found} levels deep; at most ${MAX_DEPTH} are possible.`));
    },
  };
}

/** Fragments are measured once each, however often they are spread; one that contains itself is another rule's matter. */
function depthIn(document: DocumentNode): (selections: SelectionSetNode) => number {
  const fragments = new Map(document.definitions.flatMap((definition): [string, FragmentDefinitionNode][] =>
    definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition]] : []));
  const measured = new Map<string, number>();
  const fragmentDepth = (name: string): number => {
    const known = measured.get(name);
    if (known !== undefined) return known;
    measured.set(name, 0);
    const fragment = fragments.get(name);
    const depth = fragment ? depthOf(fragment.selectionSet) : 0;
    measured.set(name, depth);
    return depth;
  };
  const depthOf = ({ selections }: SelectionSetNode): number => selections.reduce((deepest, selection) => {
    switch (selection.kind) {
      case Kind.FIELD: return Math.max(deepest, selection.name.value.startsWith('__') ? 1 : 1 + (selection.selectionSet ? depthOf(selection.selectionSet) : 0));
      case Kind.INLINE_FRAGMENT: return Math.max(deepest, depthOf(selection.selectionSet));
      case Kind.FRAGMENT_SPREAD: return Math.max(deepest, fragmentDepth(selection.name.value));
    }
  }, 0);
  return depthOf;
}
