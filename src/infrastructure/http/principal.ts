import type { IncomingMessage } from 'node:http';
import { BlockList, isIPv4, isIPv6 } from 'node:net';
import { GraphQLError } from 'graphql';
import type { Caller } from '../../application/actor';
import type { Quota, RateLimits } from './token-buckets';

/** Operations a minute; the tenant's are all its users' together. */
export interface RateSettings {
  readonly perUser: number;
  readonly perTenant: number;
  /** Of an address that asks without a token, or with one that is not accepted. */
  readonly perAddress: number;
}

/** Who has used up too much is told so, and when to come back. */
export function rateRefusal(limits: RateLimits, rates: RateSettings, caller: Caller, address: string): GraphQLError | null {
  const waitMs = limits.take(quotasOf(caller, address, rates));
  if (waitMs === 0) return null;
  const retryAfterSeconds = Math.ceil(waitMs / 1_000);
  return new GraphQLError(`Too many operations; the next one is possible in ${retryAfterSeconds} s.`, { extensions: { code: 'RATE_LIMITED', retryAfterSeconds } });
}

function quotasOf(caller: Caller, address: string, { perUser, perTenant, perAddress }: RateSettings): readonly Quota[] {
  if (caller.kind === 'anonymous') return [{ name: `address:${address}`, perMinute: perAddress }];
  return [{ name: `user:${caller.tenantId}:${caller.userId}`, perMinute: perUser }, { name: `tenant:${caller.tenantId}`, perMinute: perTenant }];
}

/** What sockets and subscriptions are counted by. */
export function principalOf(caller: Caller, address: string): string {
  return caller.kind === 'anonymous' ? `address:${address}` : `user:${caller.tenantId}:${caller.userId}`;
}

export type AddressOf = (request: Pick<IncomingMessage, 'headers' | 'socket'>) => string;

/**
 * Where a request came from: the nearest address that is no proxy of ours. What others claim in X-Forwarded-For does
 * not count. `trustedProxies` are addresses or networks, such as "10.0.0.0/8".
 */
export function addressOf(trustedProxies: readonly string[]): AddressOf {
  const trusted = new BlockList();
  for (const proxy of trustedProxies) trust(trusted, proxy);
  const isTrusted = (address: string): boolean => isIPv4(address) ? trusted.check(address, 'ipv4') : isIPv6(address) && trusted.check(address, 'ipv6');
  return ({ headers, socket }) => {
    const forwarded = [headers['x-forwarded-for'] ?? []].flat().flatMap((header) => header.split(',')).map((address) => plain(address.trim()));
    const way = [...forwarded, plain(socket.remoteAddress ?? '')];
    const nearest = way.findLastIndex((address) => !isTrusted(address));
    return (nearest < 0 ? way[0] : way[nearest]) ?? '';
  };
}

/** @throws Error for what is neither an address nor a network. */
function trust(list: BlockList, text: string): void {
  const [address = '', bits] = text.split('/');
  if (!isIPv4(address) && !isIPv6(address)) throw new Error(`TRUSTED_PROXIES takes addresses and networks, not “${text}”`);
  const family = isIPv4(address) ? 'ipv4' : 'ipv6';
  if (bits === undefined) list.addAddress(address, family);
  else list.addSubnet(address, Number(bits), family);
}

/** An IPv4 address in IPv6's clothes is that address. */
function plain(address: string): string {
  return address.replace(/^::ffff:(?=\d+\.)/i, '').slice(0, 100);
}
