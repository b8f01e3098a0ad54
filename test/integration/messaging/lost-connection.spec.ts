import { WORKER } from '../../../src/application/actor';
import { createDataSource } from '../../../src/infrastructure/postgres/data-source';
import { isOutage } from '../../../src/infrastructure/postgres/errors';
import { inside } from '../../../src/infrastructure/postgres/transaction';
import { PostgresUnitOfWork } from '../../../src/infrastructure/postgres/unit-of-work';
import { TcpProxy } from '../../chaos/world/tcp-proxy';
import { createTestDatabase } from '../../support/database';

describe('a connection whose other end has gone without a word', () => {
  it('given a unit of work on it, that one fails as an outage and the next one has a connection that works', async () => {
    const database = await createTestDatabase();
    const proxy = await TcpProxy.before(new URL(database.url));
    const worker = await createDataSource({ url: proxy.standingIn(database.url), role: 'marketplace_worker', poolSize: 1, answerWithinMs: 500 }).initialize();
    const unitOfWork = new PostgresUnitOfWork(worker, worker);
    const ask = () => unitOfWork.run(WORKER, (tx) => inside(tx).query<{ one: number }>('select 1 as one'));
    try {
      expect(await ask()).toEqual([{ one: 1 }]);
      expect(proxy.lose()).toBe(1);
      const failure: unknown = await ask().catch((error: unknown) => error);
      expect(failure).toBeInstanceOf(Error);
      expect(isOutage(failure)).toBe(true);
      expect(await ask()).toEqual([{ one: 1 }]);
    } finally {
      await worker.destroy();
      proxy.close();
      await database.drop();
    }
  });
});
