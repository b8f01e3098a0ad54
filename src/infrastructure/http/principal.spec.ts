import type { IncomingMessage } from 'node:http';
import { addressOf } from './principal';

const request = (remoteAddress: string, forwarded?: string) => ({ headers: forwarded === undefined ? {} : { 'x-forwarded-for': forwarded }, socket: { remoteAddress } }) as unknown as IncomingMessage;
const whence = addressOf(['127.0.0.0/8', '::1', '10.0.0.0/8']);

describe('where a request comes from', () => {
  it.each([
    ['nobody in between', '203.0.113.7', undefined, '203.0.113.7'], ['a claim of somebody unknown', '203.0.113.7', '198.51.100.1', '203.0.113.7'],
    ['one proxy of ours', '127.0.0.1', '198.51.100.1', '198.51.100.1'], ['two proxies of ours', '10.0.0.2', '198.51.100.1, 10.1.2.3', '198.51.100.1'],
    ['a claim before our proxies', '10.0.0.2', '192.0.2.9, 198.51.100.1, 10.1.2.3', '198.51.100.1'], ['IPv4 as IPv6', '::ffff:127.0.0.1', '198.51.100.1', '198.51.100.1'],
    ['IPv6', '::1', '2001:db8::7', '2001:db8::7'], ['proxies only', '127.0.0.1', '10.0.0.9', '10.0.0.9'], ['nonsense', '127.0.0.1', '<script>', '<script>'],
  ])('given %s', (_what, remote, forwarded, expected) => {
    expect(whence(request(remote, forwarded))).toBe(expected);
  });

  it('refuses proxies that are no addresses', () => {
    expect(() => addressOf(['example.org'])).toThrow('not “example.org”');
  });
});
