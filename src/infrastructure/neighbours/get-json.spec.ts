import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { v7 } from 'uuid';
import { NeighbourUnavailable } from '../../application/ports/neighbour-unavailable';
import type { CourseId, CourseVersionId, TenantId } from '../../domain/ids';
import { CatalogClient } from '../catalog/catalog-client';
import { SearchClient } from '../search/search-client';
import { TenantClient } from '../tenant/tenant-client';

let server: Server;
let baseUrl: string;
let answer: RequestListener;
const asked: string[] = [];

beforeAll(async () => {
  server = createServer((request, response) => { asked.push(`${request.method} ${request.url}`); answer(request, response); });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/base/`;
});
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
});

const sending = (status: number, body: unknown): RequestListener => (_request, response) => {
  response.writeHead(status, { 'content-type': status < 400 ? 'application/json' : 'application/problem+json' }).end(typeof body === 'string' ? body : JSON.stringify(body));
};
const tenantId = v7() as TenantId;
const kycStatus = (timeoutMs?: number): Promise<unknown> => new TenantClient(baseUrl, timeoutMs).kycStatus(tenantId);

describe('search-service', () => {
  const find = (text: string, timeoutMs?: number) => new SearchClient(baseUrl, timeoutMs).find(text);

  it('is asked for words as they were typed; of its answer the first 500 ids are taken, each once', async () => {
    const ids = Array.from({ length: 600 }, () => v7());
    answer = sending(200, { ids: ['no id', ids[0], ...ids] });
    await expect(find('knots & "bends"')).resolves.toEqual(ids.slice(0, 500));
    expect(asked.at(-1)).toBe('GET /base/api/v1/search/listings?q=knots+%26+%22bends%22&first=500');
  });

  it.each<[string, RequestListener]>([
    ['has no such path', sending(404, { title: 'no-such-route' })], ['fails', sending(500, 'x')], ['answers another shape', sending(200, { hits: [] })], ['is silent', () => undefined],
  ])('counts as away when it %s', async (_, listener) => {
    answer = listener;
    await expect(find('knots', 50)).rejects.toThrow(NeighbourUnavailable);
  });
});

describe('tenant-service', () => {
  it('is asked for the KYC status at its own path', async () => {
    answer = sending(200, { status: 'pending', checkedBy: 'a field that we do not know' });
    await expect(kycStatus()).resolves.toBe('pending');
    expect(asked.at(-1)).toBe(`GET /base/api/v1/tenants/${tenantId}/kyc`);
  });

  it('knows no such tenant by a 404', async () => {
    answer = sending(404, { title: 'no-such-tenant' });
    await expect(kycStatus()).resolves.toBeNull();
  });

  it.each<[string, RequestListener, RegExp]>([
    ['an error of its own', sending(503, { title: 'overloaded', detail: 'come back later' }), /^tenant-service: answered 503 \(overloaded: come back later\)$/],
    ['a refusal, which is no answer either', sending(403, 'go away'), /answered 403$/],
    ['something that is no JSON', sending(200, '<html>'), /tenant-service: .*JSON/],
    ['an answer of another shape', sending(200, { status: 'perhaps' }), /another shape: status/],
    ['a connection that breaks off', (request) => { request.socket.destroy(); }, /tenant-service: fetch failed/],
  ])('is unavailable with %s', async (_, listener, message) => {
    answer = listener;
    await expect(kycStatus()).rejects.toThrow(message);
    await expect(kycStatus()).rejects.toBeInstanceOf(NeighbourUnavailable);
  });

  it('is unavailable when it does not answer in time', async () => {
    answer = () => undefined;
    await expect(kycStatus(20)).rejects.toThrow('tenant-service: no answer within 20 ms');
  });
});

describe('catalog-service', () => {
  const [courseId, versionId, ownerTenantId] = [v7() as CourseId, v7() as CourseVersionId, v7() as TenantId];
  const find = () => new CatalogClient(baseUrl).findVersion(courseId, versionId);

  it.each([['published', true], ['draft', false]])('tells of a version that is %s', async (status, published) => {
    answer = sending(200, { courseId, versionId: versionId.toUpperCase(), ownerTenantId, status, title: 'Knots' });
    await expect(find()).resolves.toEqual({ courseId, courseVersionId: versionId, ownerTenantId, title: 'Knots', published });
    expect(asked.at(-1)).toBe(`GET /base/api/v1/courses/${courseId}/versions/${versionId}`);
  });

  it('is not believed when its ids are none', async () => {
    answer = sending(200, { courseId, versionId, ownerTenantId: 'acme', status: 'published', title: 'Knots' });
    await expect(find()).rejects.toThrow(/ownerTenantId: is no UUID/);
  });
});
