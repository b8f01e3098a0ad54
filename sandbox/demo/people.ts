import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { Graph } from './graph';

export interface Person {
  readonly tenantId: string;
  readonly graph: Graph;
}
export interface Neighbourhood {
  readonly supergraphUrl: string;
  readonly sandboxUrl: string;
}

const tokenAnswer = z.object({ accessToken: z.string(), tid: z.string() });
const courseAnswer = z.object({ courseId: z.string(), courseVersionId: z.string() });

/** Somebody of an organisation of their own, with a real token. */
export async function signIn({ supergraphUrl, sandboxUrl }: Neighbourhood, roles: readonly string[]): Promise<Person> {
  const { accessToken, tid } = tokenAnswer.parse(await post(`${sandboxUrl}/identity/token`, { sub: randomUUID(), tid: randomUUID(), roles }));
  return { tenantId: tid, graph: new Graph(supergraphUrl, accessToken) };
}

/** A course of the person's organisation, published by the catalog and built by content. */
export async function authorCourse({ sandboxUrl }: Neighbourhood, { tenantId }: Person, title: string): Promise<z.infer<typeof courseAnswer>> {
  return courseAnswer.parse(await post(`${sandboxUrl}/sandbox/courses`, { title, format: 'CMI5', tid: tenantId }));
}

async function post(url: string, body: object): Promise<unknown> {
  const response = await fetch(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) });
  if (!response.ok) throw new Error(`POST ${url} answers ${response.status}: ${await response.text()}`);
  return response.json();
}
