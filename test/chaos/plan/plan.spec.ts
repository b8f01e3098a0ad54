import { FAULT_NAMES } from './fault-names';
import { JOURNEY_NAMES } from './journeys';
import { planOf, POINTS_UNDER_LOAD } from './plan';

const SHORT = { orders: 40, replicas: 3 };

describe('the plan of a chaos run', () => {
  it('given the same seed, is the same', () => {
    expect(planOf(7, SHORT)).toEqual(planOf(7, SHORT));
  });

  it('given another seed, is another', () => {
    expect(planOf(8, SHORT)).not.toEqual(planOf(7, SHORT));
  });

  it.each([1, 2, 3, 4, 5])('given seed %i and few orders, has every fault and every journey all the same', (seed) => {
    const { faults, orders } = planOf(seed, SHORT);
    expect(new Set(faults.map((fault) => fault.name))).toEqual(new Set(FAULT_NAMES));
    expect(new Set(orders.map((order) => order.journey))).toEqual(new Set(JOURNEY_NAMES));
  });

  it('given any seed, each fault begins while there is still load', () => {
    for (let seed = 0; seed < 50; seed++) {
      const { faults, orders } = planOf(seed, SHORT);
      expect(faults.every((fault) => fault.at >= 0 && fault.at < orders.length * 0.7)).toBe(true);
    }
  });

  it('given twenty seeds of 500 orders, dies at every point that the load passes', () => {
    const points = new Set(Array.from({ length: 20 }, (_, seed) => planOf(seed + 1, { orders: 500, replicas: 3 }).faults)
      .flat().filter((fault) => fault.name === 'kill at a point').map((fault) => fault.point));
    expect(POINTS_UNDER_LOAD.filter((point) => !points.has(point))).toEqual([]);
  });
});
