import { GraphQLError, parse, specifiedRules, validate } from 'graphql';
import type { DocumentNode, GraphQLSchema } from 'graphql';
import type { OperationGate } from './operation-gate';

/** Texts remembered at most, and how long one may be; the oldest is forgotten first. */
const MAX_TEXTS = 500;
const MAX_LENGTH = 4_000;

/** Valid documents by their texts: thousands of sockets that send the same one share it, parsed and checked once. */
export class KnownDocuments {
  private readonly byText = new Map<string, DocumentNode>();

  constructor(
    private readonly schema: GraphQLSchema,
    private readonly gate: Pick<OperationGate, 'maxTokens' | 'rules'>,
  ) {}

  /** The document, or what is wrong with the text. */
  read(text: string): DocumentNode | readonly GraphQLError[] {
    const known = this.byText.get(text);
    if (known) return known;
    const document = parseBounded(text, this.gate.maxTokens);
    if (document instanceof GraphQLError) return [document];
    const errors = validate(this.schema, document, [...specifiedRules, ...this.gate.rules]);
    if (errors.length > 0) return errors.map((error) => withCode(error, 'GRAPHQL_VALIDATION_FAILED'));
    if (text.length <= MAX_LENGTH) this.remember(text, document);
    return document;
  }

  private remember(text: string, document: DocumentNode): void {
    this.byText.set(text, document);
    const [oldest] = this.byText.keys();
    if (this.byText.size > MAX_TEXTS && oldest !== undefined) this.byText.delete(oldest);
  }
}

function parseBounded(text: string, maxTokens: number): DocumentNode | GraphQLError {
  try {
    return parse(text, { maxTokens });
  } catch (error) {
    return error instanceof GraphQLError ? withCode(error, 'GRAPHQL_PARSE_FAILED') : new GraphQLError('The operation cannot be read.', { extensions: { code: 'GRAPHQL_PARSE_FAILED' } });
  }
}

function withCode(error: GraphQLError, code: string): GraphQLError {
  const { message, nodes, source, positions, extensions } = error;
  return new GraphQLError(message, { nodes: nodes ?? null, source, positions, extensions: { ...extensions, code } });
}
