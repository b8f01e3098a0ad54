import { appendFileSync, mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import {
  buildASTSchema, getNamedType, isEnumType, isInputObjectType, isObjectType, Kind, parse, typeFromAST, valueFromASTUntyped,
  type DocumentNode, type FieldNode, type FragmentDefinitionNode, type GraphQLInputType, type GraphQLObjectType, type OperationDefinitionNode, type SelectionSetNode,
} from 'graphql';

/*
 * Which parts of the public schema the tests have seen at work. Every answer that a test's client receives is walked
 * together with its operation; what was returned non-trivially (no null, no empty list) goes to a JSON lines file, and
 * `npm test` fails on whatever no test has seen (scripts/check/coordinates.mjs).
 */
export interface WalkedAnswer {
  readonly data?: unknown;
  readonly errors?: readonly { readonly extensions?: Readonly<Record<string, unknown>> | undefined }[] | undefined;
}
type Variables = Readonly<Record<string, unknown>>;

const directory = process.env['TEST_COORDINATES_DIR'];
const seen = new Set<string>();

/** Records an answer; does nothing outside of a full `npm test`. Never throws: it is not what a test is about. */
export function recordAnswer(operation: string | DocumentNode, variables: unknown, answer: WalkedAnswer): void {
  if (directory === undefined) return;
  const found = [...errorCodesIn(answer), ...coordinatesIn(operation, (variables ?? {}) as Variables, answer.data)];
  const fresh = [...new Set(found)].filter((coordinate) => !seen.has(coordinate));
  if (fresh.length === 0) return;
  mkdirSync(directory, { recursive: true });
  appendFileSync(join(directory, `${process.pid}.jsonl`), fresh.map((coordinate) => `${JSON.stringify({ coordinate })}\n`).join(''));
  for (const coordinate of fresh) seen.add(coordinate);
}

/** `error:CODE` for each error that is no refusal. */
export function errorCodesIn({ errors }: WalkedAnswer): string[] {
  return (errors ?? []).flatMap(({ extensions }) => (typeof extensions?.['code'] === 'string' ? [`error:${extensions['code']}`] : []));
}

/** Schema coordinates in the answer: `Type.field`, `Enum.VALUE`, `Type.field(argument:)`, `Input.field`. */
export function coordinatesIn(operation: string | DocumentNode, variables: Variables, data: unknown): string[] {
  const document = readable(operation);
  const definition = document?.definitions.find((candidate) => candidate.kind === Kind.OPERATION_DEFINITION);
  const root = definition && schema().getRootType(definition.operation);
  if (!document || !definition || !root || !isFull(data)) return [];
  const walk = new AnswerWalk(document, variables);
  walk.selections(root, definition.selectionSet, data);
  walk.inputs(definition);
  return [...walk.found];
}

class AnswerWalk {
  readonly found = new Set<string>();
  private readonly fragments: ReadonlyMap<string, FragmentDefinitionNode>;

  constructor(document: DocumentNode, private readonly variables: Variables) {
    this.fragments = new Map(document.definitions.flatMap((definition) => (definition.kind === Kind.FRAGMENT_DEFINITION ? [[definition.name.value, definition] as const] : [])));
  }

  /** `type` is null where only fragments say what the value is (`_entities`). */
  selections(type: GraphQLObjectType | null, { selections }: SelectionSetNode, value: unknown): void {
    if (!isRecord(value)) return;
    for (const selection of selections) {
      if (selection.kind === Kind.FIELD) {
        this.field(type, selection, value[selection.alias?.value ?? selection.name.value]);
        continue;
      }
      const fragment = selection.kind === Kind.INLINE_FRAGMENT ? selection : this.fragments.get(selection.name.value);
      const condition = fragment?.typeCondition?.name.value ?? type?.name;
      if (fragment && condition !== undefined && condition === (value['__typename'] ?? type?.name)) this.selections(objectType(condition), fragment.selectionSet, value);
    }
  }

  private field(type: GraphQLObjectType | null, { name, arguments: given, selectionSet }: FieldNode, value: unknown): void {
    if (!isFull(value)) return;
    const definition = type?.getFields()[name.value];
    if (type && definition) {
      const coordinate = `${type.name}.${name.value}`;
      this.found.add(coordinate);
      for (const argument of given ?? []) if (isFull(valueFromASTUntyped(argument.value, this.variables))) this.found.add(`${coordinate}(${argument.name.value}:)`);
    }
    const named = definition && getNamedType(definition.type);
    for (const element of flat(value)) {
      if (isEnumType(named)) this.found.add(`${named.name}.${String(element)}`);
      else if (selectionSet) this.selections(isObjectType(named) ? named : null, selectionSet, element);
    }
  }

  /** Input fields that the variables bring; literals in the text are not looked into. */
  inputs({ variableDefinitions }: OperationDefinitionNode): void {
    for (const { variable, type } of variableDefinitions ?? []) {
      const inputType = typeFromAST(schema(), type as Parameters<typeof typeFromAST>[1]) as GraphQLInputType | undefined;
      if (inputType) this.input(inputType, this.variables[variable.name.value]);
    }
  }

  private input(type: GraphQLInputType, value: unknown): void {
    const named = getNamedType(type);
    if (!isInputObjectType(named)) return;
    for (const element of flat(value)) {
      if (!isRecord(element)) continue;
      for (const field of Object.values(named.getFields())) {
        if (!isFull(element[field.name])) continue;
        this.found.add(`${named.name}.${field.name}`);
        this.input(field.type, element[field.name]);
      }
    }
  }
}

let loaded: ReturnType<typeof buildASTSchema> | undefined;

function schema(): ReturnType<typeof buildASTSchema> {
  // The whole supergraph, because other subgraphs' fields lead to ours; the report knows which are ours.
  loaded ??= buildASTSchema(parse(readFileSync(join(__dirname, '../../schema/supergraph.graphql'), 'utf8')), { assumeValidSDL: true });
  return loaded;
}

function objectType(name: string): GraphQLObjectType | null {
  const type = schema().getType(name);
  return isObjectType(type) ? type : null;
}

/** Null for what a test sent on purpose although nobody can read it. */
function readable(operation: string | DocumentNode): DocumentNode | null {
  if (typeof operation !== 'string') return operation;
  try {
    return parse(operation);
  } catch {
    return null;
  }
}

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> => typeof value === 'object' && value !== null && !Array.isArray(value);
const isFull = (value: unknown): boolean => value != null && !(Array.isArray(value) && value.length === 0);
const flat = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value.flat(Infinity) : [value]);
