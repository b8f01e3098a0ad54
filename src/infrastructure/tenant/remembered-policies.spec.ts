import { NeighbourUnavailable } from '../../application/ports/neighbour-unavailable';
import type { TenantId } from '../../domain/ids';
import type { PurchasePolicy } from '../../domain/pricing/purchase-policy';
import { RememberedPolicies } from './remembered-policies';

const TENANT = 'tenant' as TenantId;
const MINUTE = 60_000;
const first: PurchasePolicy = { allowedCurrencies: ['EUR'], purchaseCaps: [{ currency: 'EUR', perOrderMinor: 10n ** 17n + 1n, perMonthMinor: null }] };
const second: PurchasePolicy = { allowedCurrencies: null, purchaseCaps: [] };

/** tenant-service and Redis, played; time stands still until it is told to move. */
function played() {
  const kept = new Map<string, string>();
  const state = { policy: first, down: false, asked: 0, nowMs: 1_000_000 };
  const source = {
    of: () => {
      state.asked++;
      return state.down ? Promise.reject(new NeighbourUnavailable('tenant-service', 'is switched off')) : Promise.resolve(state.policy);
    },
  };
  const redis = { get: (key: string) => Promise.resolve(kept.get(key) ?? null), set: (key: string, value: string) => { kept.set(key, value); return Promise.resolve(); } };
  return { state, kept, policies: new RememberedPolicies(source, redis, 'test', () => state.nowMs) };
}

describe('a remembered policy', () => {
  it('is not asked for again within a minute, and is the same to the digit', async () => {
    const { state, policies } = played();
    expect(await policies.of(TENANT)).toEqual(first);
    state.policy = second;
    state.nowMs += MINUTE - 1;
    expect(await policies.of(TENANT)).toEqual(first);
    expect(state.asked).toBe(1);
    state.nowMs += 1;
    expect(await policies.of(TENANT)).toEqual(second);
  });

  it('serves up to an hour while tenant-service is down, and no longer', async () => {
    const { state, policies } = played();
    await policies.of(TENANT);
    state.down = true;
    state.nowMs += 60 * MINUTE - 1;
    expect(await policies.of(TENANT)).toEqual(first);
    state.nowMs += 1;
    await expect(policies.of(TENANT)).rejects.toBeInstanceOf(NeighbourUnavailable);
  });

  it('that nobody remembers is not to be had while tenant-service is down', async () => {
    const { state, policies } = played();
    state.down = true;
    await expect(policies.of(TENANT)).rejects.toBeInstanceOf(NeighbourUnavailable);
  });

  it('of another shape is asked for anew', async () => {
    const { state, kept, policies } = played();
    kept.set('test:purchase-policy:tenant', JSON.stringify({ at: state.nowMs, policy: { caps: [] } }));
    expect(await policies.of(TENANT)).toEqual(first);
  });
});
