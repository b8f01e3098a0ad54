import type { TypedDocumentNode } from '@graphql-typed-document-node/core';
import { print } from 'graphql';
import type { ExecutionResult } from 'graphql';
import { createClient } from 'graphql-ws';
import { WebSocket } from 'ws';

interface UserError {
  readonly code: string;
  readonly message: string;
}

/** A mutation said no, and why. */
export class Refused extends Error {
  constructor(what: string, readonly errors: readonly UserError[]) {
    super(`${what} was refused: ${errors.map(({ code, message }) => `${code}: ${message}`).join('; ')}`);
  }
}

/** The supergraph as one person with a token sees it. */
export class Graph {
  constructor(
    private readonly url: string,
    private readonly token: string,
  ) {}

  /** @throws Error when it cannot be reached or answers with errors */
  async ask<Data, Variables>(document: TypedDocumentNode<Data, Variables>, variables: Variables): Promise<Data> {
    const response = await fetch(this.url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${this.token}` },
      body: JSON.stringify({ query: print(document), variables }),
    });
    return dataOf((await response.json()) as ExecutionResult<Data>);
  }

  /** Every result until the stream ends; leaving the loop unsubscribes. */
  async *watch<Data, Variables extends Record<string, unknown>>(document: TypedDocumentNode<Data, Variables>, variables: Variables): AsyncGenerator<Data> {
    const client = createClient({ url: this.url.replace(/^http/, 'ws'), webSocketImpl: WebSocket, connectionParams: { Authorization: `Bearer ${this.token}` } });
    try {
      for await (const result of client.iterate<Data>({ query: print(document), variables })) yield dataOf(result as ExecutionResult<Data>);
    } finally {
      await client.dispose();
    }
  }
}

function dataOf<Data>({ data, errors }: ExecutionResult<Data>): Data {
  if (errors?.length || data == null) throw new Error(`the supergraph answers: ${(errors ?? []).map((error) => error.message).join('; ') || 'nothing'}`);
  return data;
}

/** The object of a mutation's payload. @throws Refused when there is none */
export function accepted<Value>(what: string, value: Value | null | undefined, userErrors: readonly UserError[]): Value {
  if (value == null) throw new Refused(what, userErrors);
  return value;
}
