import { createLogger } from './logger';

/** What stands in the log after one line was written. */
function written(facts: object, message = 'happened'): Record<string, unknown> {
  const lines: string[] = [];
  createLogger('info', { write: (line) => { lines.push(line); } }).info(facts, message);
  expect(lines).toHaveLength(1);
  return JSON.parse(lines[0] ?? '') as Record<string, unknown>;
}
const TOKEN = 'eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJzb21lYm9keSJ9.c2lnbmF0dXJl';

describe('the log', () => {
  it('says what happened, to what', () => {
    expect(written({ orderId: 'a', stream: 'BILLING' })).toMatchObject({ level: 30, service: 'marketplace', orderId: 'a', stream: 'BILLING', msg: 'happened' });
  });

  it.each(['authorization', 'token', 'accessToken', 'password', 'payload', 'variables', 'body', 'headers', 'email', 'buyerId', 'learnerIds', 'purchaseReference', 'paymentUrl'])('leaves %s out, wherever it stands', (name) => {
    for (const facts of [{ [name]: 'precious' }, { a: { [name]: 'precious' } }, { a: { b: { [name]: 'precious' } } }]) expect(JSON.stringify(written(facts))).not.toContain('precious');
  });

  it.each([
    ['a card number', 'declined: 4111 1111 1111 1111', 'declined: [card number]'],
    ['a token', `sent ${TOKEN} to`, 'sent [token] to'],
    ['a header', 'Authorization: Bearer abc.def', 'Authorization: Bearer [token]'],
    ['a password in a URL', 'postgres://shop:pa55@db:5432/shop is away', 'postgres://[credentials]@db:5432/shop is away'],
    ['an e-mail address', 'no such learner: ann.lee@example.org', 'no such learner: [e-mail]'],
  ])('masks %s in any text, in messages, facts and errors', (_what, text, masked) => {
    expect(written({ reason: text }, text)).toMatchObject({ reason: masked, msg: masked });
    const { err } = written({ err: new Error('failed', { cause: new Error(text) }) }) as { err: { cause: { message: string; stack: string } } };
    expect(err.cause.message).toBe(masked);
    expect(err.cause.stack).toContain(masked);
  });

  it('keeps of an error what it is, never the statement’s parameters or the row', () => {
    const error = Object.assign(new Error('duplicate key value'), { code: '23505', detail: 'Key (learner)=(precious) exists.', parameters: ['precious'], query: 'insert … precious', driverError: { detail: 'precious' } });
    const line = written({ err: error });
    expect(JSON.stringify(line)).not.toContain('precious');
    expect(line).toMatchObject({ err: { type: 'Error', message: 'duplicate key value', code: '23505' } });
  });

  it('leaves ids, instants and amounts alone', () => {
    const facts = { orderId: '01a20487-23cb-746f-b68b-93c3b7d62a20', at: 1_764_000_000_000, amount: '4111111111111111.00' };
    expect(written(facts)).toMatchObject(facts);
  });
});
