import type { Logger } from '../../application/ports/logger';
import { arrival } from './arrival';

function world(answers: readonly (Error | string)[]) {
  const lines: string[] = [];
  const states: string[] = [];
  const log = (facts: object, message: string): void => { lines.push(`${message} ${JSON.stringify(facts)}`); };
  const logger: Logger = { debug: log, info: log, warn: log, error: log };
  const ending = new AbortController();
  let tries = 0;
  const attempt = async (): Promise<string> => {
    const answer = answers[Math.min(tries++, answers.length - 1)];
    if (answer instanceof Error) throw answer;
    return answer ?? '';
  };
  const wait = () => arrival('database', attempt, { logger, note: (_name, state) => { states.push(state); }, signal: ending.signal, longestPauseMs: 1 });
  return { lines, states, wait, ending, tries: () => tries };
}

describe('the arrival of a neighbour', () => {
  it('given it is there at once, nothing is logged', async () => {
    const { wait, lines, states } = world(['connection']);
    expect(await wait()).toBe('connection');
    expect({ lines, states }).toEqual({ lines: [], states: ['ok'] });
  });

  it('given it comes later, one line says that it is waited for, however often it is tried, and one that it came', async () => {
    const refused = new Error('ECONNREFUSED');
    const { wait, lines, states, tries } = world([refused, refused, refused, 'connection']);
    expect(await wait()).toBe('connection');
    expect(tries()).toBe(4);
    expect(lines).toEqual(['waiting for a neighbour {"neighbour":"database","reason":"ECONNREFUSED"}', 'a neighbour that was waited for is there {"neighbour":"database"}']);
    expect(states).toEqual(['ECONNREFUSED', 'ECONNREFUSED', 'ECONNREFUSED', 'ok']);
  });

  it('given the reason changes, the new one is told too; the causes behind it are named', async () => {
    const everywhere = new AggregateError([new Error('refused at ::1'), new Error('refused at 127.0.0.1')], '');
    const { wait, lines } = world([everywhere, new Error('fetch failed', { cause: new Error('ENOTFOUND') }), 'connection']);
    await wait();
    expect(lines.filter((line) => line.startsWith('waiting'))).toEqual([
      'waiting for a neighbour {"neighbour":"database","reason":"refused at ::1; refused at 127.0.0.1"}',
      'waiting for a neighbour {"neighbour":"database","reason":"fetch failed: ENOTFOUND"}',
    ]);
  });

  it('given the replica is told to stop, the wait ends', async () => {
    const { wait, ending } = world([new Error('ECONNREFUSED')]);
    const waiting = wait();
    ending.abort();
    await expect(waiting).rejects.toThrow('aborted');
  });
});
