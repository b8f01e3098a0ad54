import { ANONYMOUS, WORKER } from '../../src/application/actor';
import { inside } from '../../src/infrastructure/postgres/transaction';
import { openListingWorld } from '../support/listing-world';
import type { ListingWorld } from '../support/listing-world';

/*
 * Mutation that turns the second red: in transaction.ts, `commit` that waits for its own answer only.
 */
let world: ListingWorld;
beforeAll(async () => { world = await openListingWorld(); });
afterAll(() => world.close());

const TRY = 'insert into marketplace.event_try (consumer, stream_sequence, tries, last_error) values ($1, $2, $3, $4)';
const row = (sequence: number, tries = 1) => ['unit-of-work', sequence, tries, 'none'] as const;
const stored = async () => (await world.unitOfWork.run(WORKER, (tx) => inside(tx).query<{ n: string }>(`select stream_sequence::text as n from marketplace.event_try where consumer = 'unit-of-work' order by 1`))).map(({ n }) => n);

describe('a statement that is sent without waiting for its answer', () => {
  it('is stored with what comes before and behind it', async () => {
    await world.unitOfWork.run(WORKER, async (tx) => {
      inside(tx).send('try-insert', TRY, row(1));
      await inside(tx).prepared('try-insert', TRY, row(2));
      inside(tx).send('try-insert', TRY, row(3));
    }, { commit: 'inbox.count-try' });
    expect(await stored()).toEqual(['1', '2', '3']);
  });

  it('given it is refused and nothing comes behind it: nothing is stored, and its reason is told', async () => {
    await expect(world.unitOfWork.run(WORKER, async (tx) => {
      await inside(tx).prepared('try-insert', TRY, row(4));
      inside(tx).send('try-insert', TRY, row(1));
    }, { commit: 'inbox.count-try' })).rejects.toMatchObject({ code: '23505' });
    expect(await stored()).toEqual(['1', '2', '3']);
  });

  it('given it is refused and others come behind it, which fail for that only: its reason is told', async () => {
    await expect(world.unitOfWork.run(WORKER, async (tx) => {
      inside(tx).send('try-insert', TRY, row(1));
      await inside(tx).prepared('try-insert', TRY, row(5));
    }, { commit: 'inbox.count-try' })).rejects.toMatchObject({ code: '23505' });
    expect(await stored()).toEqual(['1', '2', '3']);
  });
});

describe('a transaction that is ahead', () => {
  it('knows the time after the first answer, and not before', async () => {
    const now = await world.unitOfWork.run(ANONYMOUS, async (tx) => {
      expect(() => tx.now).toThrow('before its first answer');
      await inside(tx).query('select 1');
      return tx.now;
    }, { ahead: true });
    expect(now).toBeInstanceOf(Date);
  });

  it('is nobody’s but the caller’s from its first statement on', async () => {
    const [row] = await world.unitOfWork.run(ANONYMOUS, (tx) => inside(tx).query<{ role: string; tenant: string }>(`select current_user as role, current_setting('app.tenant_id') as tenant`), { ahead: true });
    expect(row).toEqual({ role: 'marketplace_api', tenant: '' });
  });
});
