import { TokenBuckets } from './token-buckets';
import type { SharedQuotas } from './token-buckets';

const USER = { name: 'user:a', perMinute: 60 };
const TENANT = { name: 'tenant:t', perMinute: 90 };
function clock() {
  let now = 1_000_000;
  return { now: () => now, pass: (ms: number) => { now += ms; } };
}
const times = <T>(count: number, work: () => T): T[] => Array.from({ length: count }, work);

describe('the quotas of one replica', () => {
  it('allow a minute’s operations at once, then as many as are refilled', () => {
    const { now, pass } = clock();
    const buckets = new TokenBuckets(null, now);
    expect(times(60, () => buckets.take([USER]))).toEqual(times(60, () => 0));
    expect(buckets.take([USER])).toBe(1_000);
    pass(400);
    expect(buckets.take([USER])).toBeCloseTo(600);
    pass(600);
    expect([buckets.take([USER]), buckets.take([USER])]).toEqual([0, 1_000]);
    pass(3_600_000);
    expect(times(61, () => buckets.take([USER])).filter((wait) => wait === 0)).toHaveLength(60);
  });

  it('count a tenant’s users together, and take nothing where one quota is used up', () => {
    const buckets = new TokenBuckets(null, clock().now);
    times(60, () => buckets.take([USER, TENANT]));
    const other = { name: 'user:b', perMinute: 60 };
    times(40, () => buckets.take([USER, TENANT]));
    expect(times(31, () => buckets.take([other, TENANT])).filter((wait) => wait === 0)).toHaveLength(30);
    expect(buckets.take([{ name: 'user:c', perMinute: 60 }])).toBe(0);
  });
});

describe('the quotas that replicas share', () => {
  const settled = () => new Promise((resolve) => { setImmediate(resolve); });

  it('hold from what they last said, for as long as they said', async () => {
    const { now, pass } = clock();
    const shared: SharedQuotas = { take: ({ name }) => Promise.resolve(name === USER.name ? 5_000 : 0) };
    const buckets = new TokenBuckets(shared, now);
    expect(buckets.take([USER, TENANT])).toBe(0);
    await settled();
    expect([buckets.take([USER, TENANT]), buckets.take([TENANT])]).toEqual([5_000, 0]);
    pass(5_000);
    expect(buckets.take([USER])).toBe(0);
  });

  it('change nothing while they cannot be asked, or never answer', async () => {
    for (const take of [() => Promise.resolve(null), () => new Promise<null>(() => undefined)]) {
      const buckets = new TokenBuckets({ take }, clock().now);
      expect(times(61, () => buckets.take([USER])).filter((wait) => wait === 0)).toHaveLength(60);
      await settled();
    }
  });
});
