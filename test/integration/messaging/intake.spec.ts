import { v7 } from 'uuid';
import type { EventHandlers } from '../../../src/application/consumers/event-handler';
import type { Intake, Message } from '../../../src/application/consumers/intake';
import { openPurchaseWorld } from '../../support/purchase-world';
import type { PurchaseWorld } from '../../support/purchase-world';
import { messageOf, unreadable } from '../../support/scripted-billing';

let world: PurchaseWorld;
beforeAll(async () => { world = await openPurchaseWorld({ replicas: 2, working: false }); });
afterAll(() => world.close());

const ack = { kind: 'ack' };
const bury = { kind: 'bury' };
const retry = { kind: 'retry', delayMs: expect.any(Number) as number };
const built = (playPackageId = 'package', id = v7()): Message => messageOf('content.play_package.built.v1', { courseVersionId: v7(), playPackageId, format: 'CMI5' }, id);
const idOf = ({ decoded }: Message): string => (decoded.ok ? decoded.envelope.id : '');
const deadLetters = (consumer: string) => world.sql<{ event_id: string | null; error: string; payload: string; subject: string }>('select * from marketplace.dead_letter where consumer = $1 order by stream_sequence', [consumer]);
const tries = (consumer: string) => world.sql('select stream_sequence::int, tries from marketplace.event_try where consumer = $1', [consumer]);
const takenIn = async (consumer: string) => (await world.sql<{ event_id: string }>('select event_id from marketplace.inbox where consumer = $1', [consumer])).map((row) => row.event_id);

interface Taker {
  readonly consumer: string;
  readonly intakes: readonly Intake[];
  /** Package ids that were handled, in transactions that may yet have been rolled back. */
  readonly handled: string[];
  failOn: (packageId: string) => Error | null;
}
/** Two replicas' intakes of one consumer, whose handler fails when told. */
function aTaker(): Taker {
  const consumer = `test-${v7()}`;
  const handled: string[] = [];
  const taker: Taker = { consumer, handled, intakes: [], failOn: () => null };
  const handlers: EventHandlers = {
    'content.play_package.built.v1': async (_tx, events) => {
      for (const { data } of events) {
        const failure = taker.failOn(data.playPackageId);
        if (failure) throw failure;
        handled.push(data.playPackageId);
      }
    },
  };
  return Object.assign(taker, { intakes: world.replicas.map((replica) => replica.intake({ consumer, handlers })) });
}

describe('an event', () => {
  it('that cannot be taken in and has a card number in it: kept without the number', async () => {
    const { intakes: [intake], consumer } = aTaker();
    const plain = built('card');
    expect(await intake!.take([{ ...plain, decoded: { ok: false, claimed: {}, error: 'paid with 4111 1111 1111 1111?', raw: '{"note":"4111111111111111","n":7}' } as Message['decoded'] }])).toEqual([bury]);
    expect(await deadLetters(consumer)).toMatchObject([{ error: 'paid with [card number]?', payload: '{"note":"[card number]","n":7}' }]);
  });

  it('that comes twice takes effect once: in one batch, in a later one, at two replicas at once', async () => {
    const { intakes: [one, two], handled, consumer } = aTaker();
    const message = built('once');
    expect(await one!.take([message, message])).toEqual([ack, ack]);
    expect(await two!.take([message])).toEqual([ack]);
    const other = built('raced');
    await Promise.all([one!.take([other]), two!.take([other]), one!.take([other])]);
    expect(handled).toEqual(['once', 'raced']);
    expect(await takenIn(consumer)).toHaveLength(2);
  });

  it('is another consumer’s too', async () => {
    const message = built('both');
    for (const taker of [aTaker(), aTaker()]) {
      await taker.intakes[0]!.take([message]);
      expect(taker.handled).toEqual(['both']);
    }
  });

  it('of a type that nobody handles is taken in without effect', async () => {
    const { intakes: [intake], consumer } = aTaker();
    const message = messageOf('catalog.course_version.published.v1', { courseId: v7(), courseVersionId: v7(), ownerTenantId: v7(), title: 'Knots' });
    expect(await intake!.take([message])).toEqual([ack]);
    expect(await takenIn(consumer)).toEqual([idOf(message)]);
  });
});

describe('a message that fails its schema', () => {
  it('is a dead letter at once, as it came, and holds nobody up', async () => {
    const { intakes: [intake], handled, consumer } = aTaker();
    const poison = unreadable('content.play_package.built.v1', '{"data":{"format":7}}');
    expect(await intake!.take([built('first'), poison, built('second')])).toEqual([ack, bury, ack]);
    expect(handled).toEqual(['first', 'second']);
    expect(await deadLetters(consumer)).toMatchObject([{ subject: 'content.play_package.built.v1', error: 'the data do not keep their schema', payload: '{"data":{"format":7}}', event_id: null }]);
    expect(await tries(consumer)).toEqual([]);
  });

  it('delivered again is the same dead letter', async () => {
    const { intakes, consumer } = aTaker();
    const poison = unreadable('content.play_package.built.v1', 'nonsense');
    for (const intake of intakes) expect(await intake.take([poison])).toEqual([bury]);
    expect(await deadLetters(consumer)).toHaveLength(1);
  });
});

describe('an event that cannot be taken in', () => {
  it('is tried eight times, longer and longer apart, then a dead letter with its last error', async () => {
    const taker = aTaker();
    const { consumer, intakes: [failing] } = taker;
    taker.failOn = () => new Error('cannot');
    const message = built('bad');
    const pauses: number[] = [];
    for (let tried = 1; tried < 8; tried++) {
      const [verdict] = await failing!.take([message]);
      expect(verdict).toEqual(retry);
      if (verdict?.kind === 'retry') pauses.push(verdict.delayMs);
      expect(await tries(consumer)).toMatchObject([{ tries: tried }]);
      expect(await deadLetters(consumer)).toEqual([]);
    }
    expect(pauses).toEqual([...pauses].sort((left, right) => left - right));
    expect(await failing!.take([message])).toEqual([bury]);
    expect(await deadLetters(consumer)).toMatchObject([{ event_id: idOf(message), error: 'cannot' }]);
    expect(JSON.parse((await deadLetters(consumer))[0]!.payload)).toMatchObject({ id: idOf(message), data: { playPackageId: 'bad' } });
    expect(await tries(consumer)).toEqual([]);
    expect(await takenIn(consumer)).toEqual([]);
  });

  it('does not hold up the others of its batch', async () => {
    const taker = aTaker();
    taker.failOn = (id) => (id === 'bad' ? new Error('cannot') : null);
    const messages = [built('one'), built('bad'), built('two')];
    expect(await taker.intakes[0]!.take(messages)).toEqual([ack, retry, ack]);
    expect(await takenIn(taker.consumer)).toEqual(expect.arrayContaining([idOf(messages[0]!), idOf(messages[2]!)]));
    taker.failOn = () => null;
    expect(await taker.intakes[1]!.take(messages)).toEqual([ack, ack, ack]);
    expect(taker.handled.filter((id) => id === 'bad')).toHaveLength(1);
  });

  it.each(['57P01', '08006', '53300', 'ECONNREFUSED'])('because the database is away (%s) is not a try', async (code) => {
    const taker = aTaker();
    taker.failOn = () => Object.assign(new Error('away'), { code });
    const message = built('later');
    for (let i = 0; i < 12; i++) expect(await taker.intakes[0]!.take([message])).toEqual([retry]);
    expect(await tries(taker.consumer)).toEqual([]);
    taker.failOn = () => null;
    expect(await taker.intakes[0]!.take([message])).toEqual([ack]);
  });
});
