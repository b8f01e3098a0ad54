import { ScrapedSource } from './scraped-source';

function world(look: () => Promise<void>, withinMs = 1_000) {
  const counts = { looks: 0, cleared: 0, failed: 0 };
  const source = new ScrapedSource(
    () => { counts.looks += 1; return look(); }, () => { counts.cleared += 1; }, () => { counts.failed += 1; }, withinMs,
  );
  return { source, counts };
}

describe('a source of gauges', () => {
  it('given several gauges of one scrape, it is looked at once', async () => {
    const { source, counts } = world(() => Promise.resolve());
    await Promise.all([source.refresh(), source.refresh()]);
    await source.refresh();
    expect(counts).toEqual({ looks: 1, cleared: 0, failed: 0 });
  });

  it('given the look fails, the scrape goes on without its gauges', async () => {
    const { source, counts } = world(() => Promise.reject(new Error('the database is away')));
    await source.refresh();
    expect(counts).toEqual({ looks: 1, cleared: 1, failed: 1 });
  });

  it('given the look never ends, the scrape does, and no second look is begun beside it', async () => {
    const { source, counts } = world(() => new Promise(() => undefined), 5);
    await source.refresh();
    await source.refresh();
    expect(counts).toEqual({ looks: 1, cleared: 2, failed: 2 });
  });
});
