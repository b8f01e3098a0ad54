import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { v7 } from 'uuid';
import { z } from 'zod';
import { parse } from '../http/problem';
import type { Neighbour, NeighbourContext } from '../neighbour';

const ALGORITHM = 'ES256';
const AUDIENCE = 'marketplace';

const tokenRequest = z.strictObject({
  sub: z.string().min(1).exactOptional(),
  tid: z.string().min(1).exactOptional(),
  roles: z.array(z.string()).default(['buyer']),
  /** Negative: a token that expired already. */
  expiresInSeconds: z.number().int().default(3_600),
  audience: z.string().default(AUDIENCE),
  issuer: z.string().exactOptional(),
  /** Signed by a key that is not in the JWKS, under the name of one that is. */
  forged: z.boolean().default(false),
});

/** identity-service: signs real tokens, sound ones and odd ones, and publishes the key to check them with. */
export async function identity({ baseUrl }: NeighbourContext): Promise<Neighbour> {
  const prefix = '/identity';
  const [sound, foreign] = await Promise.all([generateKeyPair(ALGORITHM), generateKeyPair(ALGORITHM)]);
  const keyId = v7();
  const publicKey = { ...(await exportJWK(sound.publicKey)), kid: keyId, alg: ALGORITHM, use: 'sig' };

  return {
    prefix,
    api: async (app) => {
      app.get('/.well-known/jwks.json', async () => ({ keys: [publicKey] }));

      app.post('/token', async ({ body }) => {
        const request = parse(tokenRequest, body);
        const { sub = v7(), tid = v7(), roles } = request;
        const now = Math.floor(Date.now() / 1_000);
        const expiresAt = now + request.expiresInSeconds;
        const accessToken = await new SignJWT({ tid, roles })
          .setProtectedHeader({ alg: ALGORITHM, kid: keyId, typ: 'JWT' })
          .setSubject(sub)
          .setIssuer(request.issuer ?? `${baseUrl}${prefix}`)
          .setAudience(request.audience)
          .setIssuedAt(Math.min(now, expiresAt))
          .setExpirationTime(expiresAt)
          .setJti(v7())
          .sign(request.forged ? foreign.privateKey : sound.privateKey);
        return { accessToken, sub, tid, expiresAt: new Date(expiresAt * 1_000).toISOString() };
      });
    },
  };
}
