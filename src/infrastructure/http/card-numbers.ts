import { Kind, visit } from 'graphql';
import type { DocumentNode } from 'graphql';
import { hasCardNumber } from '../../domain/card-number';

/** Where an operation's literals or variables have something like a card number, such as `$input.lines.0`; null: nowhere. */
export function cardNumberIn(document: DocumentNode, variables: Readonly<Record<string, unknown>>): string | null {
  for (const [name, value] of Object.entries(variables)) {
    const path = pathTo(value, `$${name}`);
    if (path !== null) return path;
  }
  return hasLiteral(document) ? 'A value in the operation’s text' : null;
}

/** Documents are parsed once and used again. */
const known = new WeakMap<DocumentNode, boolean>();

function hasLiteral(document: DocumentNode): boolean {
  const found = known.get(document) ?? literalIn(document);
  known.set(document, found);
  return found;
}

function literalIn(document: DocumentNode): boolean {
  let found = false;
  const look = ({ value }: { readonly value: string }): void => { found ||= hasCardNumber(value); };
  visit(document, { [Kind.STRING]: look, [Kind.INT]: look });
  return found;
}

function pathTo(value: unknown, path: string): string | null {
  if (typeof value === 'string' || typeof value === 'number') return hasCardNumber(String(value)) ? path : null;
  if (typeof value !== 'object' || value === null) return null;
  for (const [key, entry] of Object.entries(value)) {
    if (hasCardNumber(key)) return path;
    const inner = pathTo(entry, `${path}.${key}`);
    if (inner !== null) return inner;
  }
  return null;
}
