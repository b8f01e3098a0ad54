import { GraphQLError, Kind } from 'graphql';
import type { ASTVisitor, DocumentNode, FragmentDefinitionNode, SelectionSetNode, ValidationContext } from 'graphql';

/** Bounds of one operation, the same on HTTP and WebSocket. */
export interface OperationLimits {
  /** Words and signs of an operation's text, for the parser. */
  readonly maxTokens: number;
  /** Fields inside fields; a query of orders down to their plans' refund policies has 10. */
  readonly maxDepth: number;
  /** The same field under several names, over the whole document. */
  readonly maxAliases: number;
  /** `@include`, `@skip` and the like, over the whole document. */
  readonly maxDirectives: number;
  /** Objects that the operation may ask for at most: see operation-cost.ts. */
  readonly maxCost: number;
}

export const DEFAULT_OPERATION_LIMITS: OperationLimits = { maxTokens: 5_000, maxDepth: 12, maxAliases: 100, maxDirectives: 50, maxCost: 100_000 };

/** What is over its limit, with the figures for programs. */
export function overLimit(limit: string, message: string, max: number, found: number, code?: string): GraphQLError {
  return new GraphQLError(message, { extensions: { ...(code !== undefined && { code }), limit, max, found } });
}

/** A validation rule: operations are bounded before anything of them runs. Introspection has its own bounds. */
export function operationLimits({ maxDepth, maxAliases, maxDirectives }: OperationLimits): (context: ValidationContext) => ASTVisitor {
  return (context) => {
    let aliases = 0;
    let directives = 0;
    const depth = depthIn(context.getDocument());
    return {
      Field({ alias }) {
        if (alias) aliases += 1;
      },
      Directive() {
        directives += 1;
      },
      OperationDefinition({ selectionSet }) {
        const found = depth(selectionSet);
        if (found > maxDepth) context.reportError(overLimit('depth', `The operation is ${found} levels deep; at most ${maxDepth} are possible.`, maxDepth, found));
      },
      Document: {
        leave() {
          if (aliases > maxAliases) context.reportError(overLimit('aliases', `The operation has more than ${maxAliases} aliases.`, maxAliases, aliases));
          if (directives > maxDirectives) context.reportError(overLimit('directives', `The operation has more than ${maxDirectives} directives.`, maxDirectives, directives));
        },
      },
    };
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
