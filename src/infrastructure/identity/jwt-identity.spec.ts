import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import type { CryptoKey, JWK } from 'jose';
import { JwtIdentity } from './jwt-identity';
import type { Identified } from './jwt-identity';

const USER = '0197d7a0-0000-7000-8000-0000000000a1';
const TENANT = '0197d7a0-0000-7000-8000-0000000000b1';
const ISSUER = 'https://identity.example';
const SILENT = { debug: () => undefined, info: () => undefined, warn: () => undefined, error: () => undefined };
const now = (): number => Math.floor(Date.now() / 1_000);

describe('the caller behind a token', () => {
  let server: Server;
  let jwksUrl: string;
  let keys: Record<'es256' | 'rs256' | 'foreign', CryptoKey>;

  beforeAll(async () => {
    const [es256, rs256, foreign] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('RS256'), generateKeyPair('ES256')]);
    keys = { es256: es256.privateKey, rs256: rs256.privateKey, foreign: foreign.privateKey };
    const published: JWK[] = [{ ...(await exportJWK(es256.publicKey)), kid: 'es', alg: 'ES256' }, { ...(await exportJWK(rs256.publicKey)), kid: 'rs', alg: 'RS256' }];
    server = createServer((_request, response) => { response.setHeader('content-type', 'application/json').end(JSON.stringify({ keys: published })); });
    await new Promise<void>((listening) => { server.listen(0, '127.0.0.1', listening); });
    jwksUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/jwks`;
  });
  afterAll(() => new Promise((closed) => { server.close(closed); server.closeAllConnections(); }));

  interface Token {
    readonly claims?: object;
    readonly key?: CryptoKey;
    readonly alg?: string;
    readonly kid?: string;
  }

  function token({ claims, key = keys.es256, alg = 'ES256', kid = 'es' }: Token = {}): Promise<string> {
    const payload = { sub: USER, tid: TENANT, roles: ['buyer'], iss: ISSUER, aud: 'marketplace', exp: now() + 60, ...claims };
    return new SignJWT(payload).setProtectedHeader({ alg, kid }).sign(key);
  }

  const identify = (authorization: string | undefined, url = jwksUrl): Promise<Identified> =>
    new JwtIdentity({ issuer: ISSUER, audience: 'marketplace', jwksUrl: url }, SILENT).identify(authorization);

  it('given no header, is anonymous and nothing is wrong', async () => {
    expect(await identify(undefined)).toEqual({ caller: { kind: 'anonymous' }, rejection: null });
  });

  it('given a sound token, is its user with the roles that we know', async () => {
    const exp = now() + 60;
    const { caller, rejection } = await identify(`Bearer ${await token({ claims: { exp, roles: ['buyer', 'org_admin', 'astronaut'] } })}`);
    expect(rejection).toBeNull();
    expect(caller).toEqual({ kind: 'user', userId: USER, tenantId: TENANT, roles: new Set(['buyer', 'org_admin']), expiresAtSeconds: exp });
  });

  it('given RS256 and the scheme in lower case, accepts it too', async () => {
    const { caller } = await identify(`bearer ${await token({ key: keys.rs256, alg: 'RS256', kid: 'rs' })}`);
    expect(caller.kind).toBe('user');
  });

  it.each<[string, () => Token, string]>([
    ['has expired', () => ({ claims: { exp: now() - 1 } }), 'The token has expired; get a new one.'],
    ['is not valid yet', () => ({ claims: { nbf: now() + 60 } }), 'The token is not valid yet.'],
    ['never expires', () => ({ claims: { exp: undefined } }), 'The token’s claim “exp” is missing or wrong.'],
    ['is signed with another key', () => ({ key: keys.foreign }), 'The token’s signature is wrong.'],
    ['names a key that nobody published', () => ({ kid: 'other' }), 'The token is signed with a key that identity-service does not publish.'],
    ['is for somebody else', () => ({ claims: { aud: 'catalog' } }), 'The token is for another audience.'],
    ['comes from somebody else', () => ({ claims: { iss: 'https://elsewhere.example' } }), 'The token is from another issuer.'],
    ['names no user', () => ({ claims: { sub: undefined } }), 'The token’s claim “sub” is missing or wrong.'],
    ['names a user that is no UUID', () => ({ claims: { sub: 'alice' } }), 'The token does not say who it is for: its claims “sub” and “tid” must be UUIDs and “roles” a list.'],
    ['names no tenant', () => ({ claims: { tid: undefined } }), 'The token does not say who it is for: its claims “sub” and “tid” must be UUIDs and “roles” a list.'],
    ['has roles that are no list', () => ({ claims: { roles: 'platform_admin' } }), 'The token does not say who it is for: its claims “sub” and “tid” must be UUIDs and “roles” a list.'],
  ])('given a token that %s, says so', async (_what, made, message) => {
    expect(await identify(`Bearer ${await token(made())}`)).toEqual({ caller: { kind: 'anonymous' }, rejection: { code: 'UNAUTHENTICATED', message } });
  });

  it('given a token that is signed with a shared secret or not at all, refuses the algorithm', async () => {
    const secret = new TextEncoder().encode('a secret of thirty-two characters');
    const shared = await new SignJWT({ sub: USER, tid: TENANT, roles: [] }).setProtectedHeader({ alg: 'HS256', kid: 'es' }).setExpirationTime('1m').sign(secret);
    const unsigned = `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from(JSON.stringify({ sub: USER })).toString('base64url')}.`;
    for (const bad of [shared, unsigned]) {
      expect((await identify(`Bearer ${bad}`)).rejection).toEqual({ code: 'UNAUTHENTICATED', message: 'The token must be signed by RS256 or ES256.' });
    }
  });

  it.each([['Bearer abc', 'The token is malformed.'], ['Basic YTpi', 'The Authorization header must read “Bearer” and a token.'], ['', 'The Authorization header must read “Bearer” and a token.']])('given %p, says what is wrong', async (header, message) => {
    expect((await identify(header)).rejection).toEqual({ code: 'UNAUTHENTICATED', message });
  });

  it('given a token that was sound a moment ago, knows it; once it expires or a minute is over, checks anew', async () => {
    let time = Date.now();
    const identity = new JwtIdentity({ issuer: ISSUER, audience: 'marketplace', jwksUrl }, SILENT, () => time);
    const [short, long] = await Promise.all([token({ claims: { exp: now() + 30 } }), token({ claims: { exp: now() + 600 } })]);
    const asked = async (of: string) => (await identity.identify(`Bearer ${of}`)).rejection?.message ?? 'sound';
    expect([await asked(short), await asked(long), await asked(`${long}x`)]).toEqual(['sound', 'sound', 'The token’s signature is wrong.']);
    time += 31_000;
    expect([await asked(short), await asked(long)]).toEqual(['The token has expired; get a new one.', 'sound']);
    const verify = jest.spyOn(crypto.subtle, 'verify');
    expect(await asked(long)).toBe('sound');
    expect(verify).not.toHaveBeenCalled();
    time += 30_000;
    expect(await asked(long)).toBe('sound');
    expect(verify).toHaveBeenCalledTimes(1);
    verify.mockRestore();
  });

  it('given identity-service cannot be reached, does not blame the token', async () => {
    const { caller, rejection } = await identify(`Bearer ${await token()}`, 'http://127.0.0.1:9/jwks');
    expect(caller.kind).toBe('anonymous');
    expect(rejection).toEqual({ code: 'TEMPORARILY_UNAVAILABLE', message: 'Tokens cannot be checked at the moment; try again.' });
  });
});
