import { createRemoteJWKSet, errors, jwtVerify } from 'jose';
import type { JWTPayload } from 'jose';
import { ANONYMOUS, ROLES } from '../../application/actor';
import type { AuthenticatedUser, Caller, Role } from '../../application/actor';
import type { Logger } from '../../application/ports/logger';
import { parseId } from '../../domain/ids';
import type { TenantId, UserId } from '../../domain/ids';

export interface IdentitySettings {
  /** Required value of the claim `iss`. */
  readonly issuer: string;
  /** Required value of the claim `aud`. */
  readonly audience: string;
  /** Where identity publishes the keys that tokens are checked with. */
  readonly jwksUrl: string;
}

/** Why a token was not accepted, in words for whoever sent it. */
export interface TokenRejection {
  readonly code: 'UNAUTHENTICATED' | 'TEMPORARILY_UNAVAILABLE';
  readonly message: string;
}

/** Who asks. With a token that was not accepted the caller is anonymous, so that what is public still answers. */
export interface Identified {
  readonly caller: Caller;
  readonly rejection: TokenRejection | null;
}

const ALGORITHMS = ['RS256', 'ES256'];
const JWKS_TIMEOUT_MS = 3_000;
/** A token that was found sound is not checked again for this long; keys that are withdrawn count as long anyway. */
const SOUND_FOR_MS = 60_000;
/** Sound tokens remembered at most; the oldest is forgotten first. */
const MAX_SOUND = 10_000;
const BEARER = /^Bearer +([^\s]+) *$/i;

/** Callers by identity-service's tokens: JWT, checked with the keys that it publishes. */
export class JwtIdentity {
  private readonly keys: ReturnType<typeof createRemoteJWKSet>;
  private readonly sound = new Map<string, { readonly caller: AuthenticatedUser; readonly untilMs: number }>();

  constructor(
    private readonly settings: IdentitySettings,
    private readonly logger: Logger,
    private readonly now: () => number = Date.now,
  ) {
    this.keys = createRemoteJWKSet(new URL(settings.jwksUrl), { timeoutDuration: JWKS_TIMEOUT_MS });
  }

  /** Gets the keys before the first token comes. @throws when identity-service does not answer */
  async loadKeys(): Promise<void> {
    await this.keys.reload();
  }

  /** The caller behind an `Authorization` header or connection parameter; without one, anonymous. Never throws. */
  async identify(authorization: string | undefined): Promise<Identified> {
    if (authorization === undefined) return { caller: ANONYMOUS, rejection: null };
    const token = BEARER.exec(authorization)?.[1];
    if (token === undefined) return rejected('The Authorization header must read “Bearer” and a token.');
    const known = this.sound.get(token);
    if (known !== undefined && this.now() < known.untilMs) return { caller: known.caller, rejection: null };
    try {
      const { issuer, audience } = this.settings;
      const { payload } = await jwtVerify(token, this.keys, { issuer, audience, algorithms: ALGORITHMS, requiredClaims: ['exp', 'sub'], currentDate: new Date(this.now()) });
      const caller = userOf(payload);
      if (caller) this.remember(token, caller);
      return caller ? { caller, rejection: null } : rejected('The token does not say who it is for: its claims “sub” and “tid” must be UUIDs and “roles” a list.');
    } catch (error) {
      return this.rejectionOf(error);
    }
  }

  /** Checking a signature costs more than many a query, and a buyer's token comes with each of theirs. */
  private remember(token: string, caller: AuthenticatedUser): void {
    this.sound.delete(token);
    this.sound.set(token, { caller, untilMs: Math.min(caller.expiresAtSeconds * 1_000, this.now() + SOUND_FOR_MS) });
    const [oldest] = this.sound.keys();
    if (this.sound.size > MAX_SOUND && oldest !== undefined) this.sound.delete(oldest);
  }

  private rejectionOf(error: unknown): Identified {
    const reason = reasonOf(error);
    if (reason !== null) return rejected(reason);
    this.logger.error({ err: error }, 'the keys of identity-service cannot be had');
    return { caller: ANONYMOUS, rejection: { code: 'TEMPORARILY_UNAVAILABLE', message: 'Tokens cannot be checked at the moment; try again.' } };
  }
}

function userOf({ sub, exp, tid, roles }: JWTPayload): AuthenticatedUser | null {
  const userId = typeof sub === 'string' ? parseId<UserId>(sub) : null;
  const tenantId = typeof tid === 'string' ? parseId<TenantId>(tid) : null;
  if (userId === null || tenantId === null || exp === undefined || !Array.isArray(roles)) return null;
  return { kind: 'user', userId, tenantId, roles: new Set(roles.filter(isRole)), expiresAtSeconds: exp };
}

/** A role that we do not know gives no right here, and takes none away. */
function isRole(role: unknown): role is Role {
  return (ROLES as readonly unknown[]).includes(role);
}

/** What is wrong with the token; null when it is not the token's fault. */
function reasonOf(error: unknown): string | null {
  if (error instanceof errors.JWTExpired) return 'The token has expired; get a new one.';
  if (error instanceof errors.JWTClaimValidationFailed) return claimReason(error.claim);
  if (error instanceof errors.JWSSignatureVerificationFailed) return 'The token’s signature is wrong.';
  if (error instanceof errors.JWKSNoMatchingKey || error instanceof errors.JWKSMultipleMatchingKeys) return 'The token is signed with a key that identity-service does not publish.';
  if (error instanceof errors.JOSEAlgNotAllowed || error instanceof errors.JOSENotSupported) return `The token must be signed by ${ALGORITHMS.join(' or ')}.`;
  if (error instanceof errors.JWSInvalid || error instanceof errors.JWTInvalid) return 'The token is malformed.';
  return null;
}

function claimReason(claim: string): string {
  switch (claim) {
    case 'aud': return 'The token is for another audience.';
    case 'iss': return 'The token is from another issuer.';
    case 'nbf': return 'The token is not valid yet.';
    default: return `The token’s claim “${claim}” is missing or wrong.`;
  }
}

function rejected(message: string): Identified {
  return { caller: ANONYMOUS, rejection: { code: 'UNAUTHENTICATED', message } };
}
