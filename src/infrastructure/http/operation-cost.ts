import { getNamedType, getNullableType, isAbstractType, isCompositeType, isListType, isObjectType, Kind } from 'graphql';
import type {
  DocumentNode, FieldNode, FragmentDefinitionNode, GraphQLField, GraphQLNamedType, GraphQLSchema, OperationDefinitionNode, SelectionSetNode, ValueNode,
} from 'graphql';

export interface ReadyOperation {
  readonly schema: GraphQLSchema;
  readonly document: DocumentNode;
  readonly operation: OperationDefinitionNode;
  /** As they came. */
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Pages are no larger: `first` beyond it is refused by the lists themselves. */
const MAX_PAGE = 100;
/** Entries of a list that has no `first`: plans of a listing, lines of an order; few in truth. */
const ASSUMED_ENTRIES = 5;

/**
 * How many objects an operation may ask for: each object counts one, times the page size of every list around it
 * (`first`, else its default; for `_entities` the representations), and each entry of a list among the arguments counts
 * one. The operation must be valid, above all without fragments in a circle. Selections under @skip count all the same.
 */
export function operationCost(ready: ReadyOperation): number {
  const root = ready.schema.getRootType(ready.operation.operation);
  return root ? new CostModel(ready).selections(root, ready.operation.selectionSet, null) : 0;
}

class CostModel {
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;
  private readonly measured = new Map<string, number>();
  private readonly defaults: ReadonlyMap<string, ValueNode | undefined>;

  constructor(private readonly ready: ReadyOperation) {
    this.fragments = new Map(ready.document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [])));
    this.defaults = new Map((ready.operation.variableDefinitions ?? []).map(({ variable, defaultValue }) => [variable.name.value, defaultValue]));
  }

  /** `page`: the page size that the enclosing connection was asked for, which its `edges` have. */
  selections(type: GraphQLNamedType, { selections }: SelectionSetNode, page: number | null): number {
    let cost = 0;
    for (const selection of selections) {
      switch (selection.kind) {
        case Kind.FIELD:
          cost += this.field(type, selection, page);
          break;
        case Kind.INLINE_FRAGMENT:
          cost += this.selections(this.typeNamed(selection.typeCondition?.name.value) ?? type, selection.selectionSet, page);
          break;
        case Kind.FRAGMENT_SPREAD:
          cost += this.fragment(selection.name.value, page);
      }
    }
    return cost;
  }

  /** Measured once for each page size, however often it is spread: nested spreads grow exponentially. */
  private fragment(name: string, page: number | null): number {
    const key = `${page} ${name}`;
    const known = this.measured.get(key);
    if (known !== undefined) return known;
    const fragment = this.fragments.get(name);
    const type = this.typeNamed(fragment?.typeCondition.name.value);
    const cost = fragment && type ? this.selections(type, fragment.selectionSet, page) : 0;
    this.measured.set(key, cost);
    return cost;
  }

  private field(parent: GraphQLNamedType, node: FieldNode, page: number | null): number {
    const field = isObjectType(parent) || isAbstractType(parent) ? fieldOf(parent, node.name.value) : undefined;
    const asked = (node.arguments ?? []).reduce((sum, argument) => sum + this.entries(argument.value), 0);
    if (!field || node.name.value.startsWith('__')) return asked;
    const type = getNamedType(field.type);
    if (!isCompositeType(type) || !node.selectionSet) return asked;
    const ownPage = this.pageOf(field, node);
    const times = isListType(getNullableType(field.type)) ? (this.representations(node) ?? ownPage ?? page ?? ASSUMED_ENTRIES) : 1;
    return asked + times * (1 + this.selections(type, node.selectionSet, ownPage));
  }

  private typeNamed(name: string | undefined): GraphQLNamedType | undefined {
    return name === undefined ? undefined : this.ready.schema.getType(name);
  }

  private pageOf(field: GraphQLField<unknown, unknown>, node: FieldNode): number | null {
    const argument = field.args.find(({ name }) => name === 'first');
    if (!argument) return null;
    const given = node.arguments?.find(({ name }) => name.value === 'first');
    const first = (given && this.plain(given.value)) ?? argument.defaultValue;
    return typeof first === 'number' ? Math.min(Math.max(first, 0), MAX_PAGE) : MAX_PAGE;
  }

  private representations(node: FieldNode): number | null {
    const argument = node.name.value === '_entities' ? node.arguments?.find(({ name }) => name.value === 'representations') : undefined;
    return argument ? Math.max(this.entries(argument.value), 1) : null;
  }

  /** A whole number, literal or from a variable; undefined where there is none. */
  private plain(value: ValueNode): unknown {
    if (value.kind === Kind.INT) return Number(value.value);
    if (value.kind !== Kind.VARIABLE) return undefined;
    const name = value.name.value;
    const byDefault = this.defaults.get(name);
    return this.ready.variables[name] ?? (byDefault && byDefault.kind !== Kind.VARIABLE ? this.plain(byDefault) : undefined);
  }

  /** Entries of the lists in an argument, at any depth. */
  private entries(value: ValueNode): number {
    switch (value.kind) {
      case Kind.VARIABLE: return entriesIn(this.ready.variables[value.name.value]);
      case Kind.LIST: return value.values.reduce((sum, entry) => sum + 1 + this.entries(entry), 0);
      case Kind.OBJECT: return value.fields.reduce((sum, field) => sum + this.entries(field.value), 0);
      default: return 0;
    }
  }
}

function fieldOf(parent: GraphQLNamedType, name: string): GraphQLField<unknown, unknown> | undefined {
  return 'getFields' in parent ? (parent.getFields() as Record<string, GraphQLField<unknown, unknown>>)[name] : undefined;
}

function entriesIn(value: unknown): number {
  if (Array.isArray(value)) return value.reduce((sum: number, entry) => sum + 1 + entriesIn(entry), 0);
  if (typeof value !== 'object' || value === null) return 0;
  return Object.values(value).reduce((sum: number, entry) => sum + entriesIn(entry), 0);
}
