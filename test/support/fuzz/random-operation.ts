import { getNamedType, isCompositeType, isNonNullType, isObjectType, isUnionType } from 'graphql';
import type { GraphQLArgument, GraphQLField, GraphQLNamedType, GraphQLSchema } from 'graphql';
import type { Chance } from './chance';
import { HostileValues } from './hostile-values';
import type { Pool } from './hostile-values';

export interface RandomOperation {
  /** The root field, such as `Mutation.placeOrder`. */
  readonly coordinate: string;
  readonly query: string;
  readonly variables: Readonly<Record<string, unknown>>;
}

/** Every query and mutation that the schema has, so that whatever is added to it is asked too. */
export function rootFieldsOf(schema: GraphQLSchema): readonly { readonly parent: 'query' | 'mutation'; readonly field: GraphQLField<unknown, unknown> }[] {
  const of = (parent: 'query' | 'mutation', type: ReturnType<GraphQLSchema['getQueryType']>) => Object.values(type?.getFields() ?? {}).filter((field) => !field.name.startsWith('_')).map((field) => ({ parent, field }));
  return [...of('query', schema.getQueryType()), ...of('mutation', schema.getMutationType())];
}

export function randomOperation(schema: GraphQLSchema, root: ReturnType<typeof rootFieldsOf>[number], chance: Chance, pool: Pool): RandomOperation {
  const writer = new OperationWriter(schema, chance, pool);
  const selection = writer.field(root.field, 0);
  const definitions = writer.definitions.length > 0 ? `(${writer.definitions.join(', ')})` : '';
  return {
    coordinate: `${root.parent === 'query' ? 'Query' : 'Mutation'}.${root.field.name}`,
    query: `${root.parent}${definitions} { ${selection} }`,
    variables: writer.variables,
  };
}

const MAX_LEVELS = 5;
/** A cursor that is none, or a filter that fits nothing, leaves nothing to see. */
const ASKED: Readonly<Record<string, number>> = { after: 0.05, filter: 0.25 };

class OperationWriter {
  readonly definitions: string[] = [];
  readonly variables: Record<string, unknown> = {};
  private readonly values: HostileValues;

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly chance: Chance,
    pool: Pool,
  ) {
    this.values = new HostileValues(chance, pool);
  }

  field(field: GraphQLField<unknown, unknown>, level: number): string {
    const given = field.args.flatMap((argument) => this.argument(argument, field.name, level));
    const type = getNamedType(field.type);
    return `${field.name}${given.length > 0 ? `(${given.join(', ')})` : ''}${isCompositeType(type) ? ` ${this.selections(type, level + 1)}` : ''}`;
  }

  private argument({ name, type, defaultValue }: GraphQLArgument, fieldName: string, level: number): string[] {
    const needed = isNonNullType(type) && defaultValue === undefined;
    if (!needed && !this.chance.happens(ASKED[name] ?? (level === 0 ? 0.4 : 0.1))) return [];
    const variable = `v${this.definitions.length}`;
    this.definitions.push(`$${variable}: ${String(type)}`);
    this.variables[variable] = this.values.of(type, `${fieldName}.${name}`);
    return [`${name}: $${variable}`];
  }

  /** Names and ids always, so that what is in an answer can be told; of the rest a part, less the deeper it is. */
  private selections(type: GraphQLNamedType, level: number): string {
    const own = isObjectType(type) ? Object.values(type.getFields()).filter((field) => this.wanted(field, level)).map((field) => this.field(field, level)) : [];
    const members = isUnionType(type) ? this.schema.getPossibleTypes(type).map((member) => `... on ${member.name} ${this.selections(member, level + 1)}`) : [];
    return `{ __typename ${[...own, ...members].join(' ')} }`;
  }

  private wanted(field: GraphQLField<unknown, unknown>, level: number): boolean {
    if (field.name === 'id') return true;
    const composite = isCompositeType(getNamedType(field.type));
    if (composite && level >= MAX_LEVELS) return false;
    return ['edges', 'node', 'userErrors'].includes(field.name) || this.chance.happens(composite ? 0.8 / level : 0.5);
  }
}
