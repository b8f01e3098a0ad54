import * as fc from 'fast-check';
import type { SeatId, UserId } from '../ids';
import { dueAsk, firstAskOf } from './enrollment-asks';
import { LICENSE_STATES, SEAT_STATES } from './license';
import type { SeatState } from './license';
import { givesAccess, LICENSE_EDGES, licenseMayBecome, SEAT_EDGES, seatMayBecome } from './lifecycle';
import { checkLearners, checkRelease, reassignmentsLeft, seatsClosed } from './seat-changes';
import type { LicenseForSeats } from './seat-changes';

const NOW = new Date('2026-03-01T12:00:00.000Z');
const open: LicenseForSeats = { state: 'ACTIVE', validUntil: null, settled: true, reassignments: 0, reassignmentLimit: null };
const seats = (...states: SeatState[]) => states.map((state, index) => ({ id: `seat-${index}` as SeatId, state, frozen: false, path: ['seatIds', String(index)] }));
const codes = (problems: readonly { readonly code: string }[]) => problems.map(({ code }) => code);

describe('states', () => {
  it('given any change that is not in the tables: refused', () => {
    for (const from of LICENSE_STATES) for (const to of LICENSE_STATES) expect(licenseMayBecome(from, to)).toBe(LICENSE_EDGES[from].includes(to));
    for (const from of SEAT_STATES) for (const to of SEAT_STATES) expect(seatMayBecome(from, to)).toBe(SEAT_EDGES[from].includes(to));
    expect([LICENSE_EDGES.REVOKED, SEAT_EDGES.REVOKED]).toEqual([[], []]);
  });
});

describe('the list of learners', () => {
  it.each([
    [[], ['INVALID_INPUT']],
    [['a', null], ['INVALID_INPUT']],
    [['a', 'b', 'a'], ['INVALID_INPUT']],
    [Array.from({ length: 1_001 }, (_, n) => `l${n}`), ['INVALID_INPUT']],
    [Array.from({ length: 1_000 }, (_, n) => `l${n}`), []],
  ])('%#', (ids, expected) => {
    expect(codes(checkLearners(ids as (UserId | null)[]))).toEqual(expected);
  });
});

describe('seats may change hands', () => {
  it.each(LICENSE_STATES)('given a licence that is %s: while it gives access', (state) => {
    expect(seatsClosed({ ...open, state }, NOW, []) === null).toBe(givesAccess(state));
  });
  it('given its end has come, to the millisecond, or its order is not fulfilled: no more, and not yet', () => {
    expect(seatsClosed({ ...open, validUntil: NOW }, NOW, [])).toMatchObject({ code: 'LICENSE_NOT_ACTIVE', params: { state: 'EXPIRED' } });
    expect(seatsClosed({ ...open, validUntil: new Date(NOW.getTime() + 1) }, NOW, [])).toBeNull();
    expect(seatsClosed({ ...open, settled: false }, NOW, [])).toMatchObject({ code: 'LICENSE_NOT_ACTIVE' });
  });
});

describe('a release', () => {
  it('given seats that nobody has: each is named', () => {
    expect(checkRelease(open, seats('AVAILABLE', 'ENROLLED', 'REVOKED'), NOW)).toMatchObject([{ path: ['seatIds', '0'] }, { path: ['seatIds', '2'] }]);
  });
  it('given a seat that a refund under way takes back: it stays its learner’s', () => {
    const [going, staying] = seats('ENROLLED', 'ENROLLED');
    expect(checkRelease(open, [{ ...going!, frozen: true }, staying!], NOW)).toMatchObject([{ code: 'ILLEGAL_TRANSITION', path: ['seatIds', '0'] }]);
  });
  it('property: started seats never take the licence past its limit, others are never counted', () => {
    const state = fc.constantFrom<SeatState>('ASSIGNED', 'ENROLLED', 'CONSUMED');
    fc.assert(fc.property(fc.nat(6), fc.array(fc.array(state, { minLength: 1, maxLength: 4 }), { maxLength: 12 }), (reassignmentLimit, requests) => {
      let reassignments = 0;
      for (const request of requests) {
        const license = { ...open, reassignmentLimit, reassignments };
        const started = request.filter((one) => one === 'CONSUMED').length;
        const problems = checkRelease(license, seats(...request), NOW);
        expect(problems.length === 0).toBe(started <= (reassignmentsLeft(license) ?? Infinity));
        if (problems.length === 0) reassignments += started;
      }
      expect(reassignments).toBeLessThanOrEqual(reassignmentLimit);
    }));
  });
});

describe('what is due about a silent assignment', () => {
  const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000);
  it.each([[1, 5], [4.9, 5], [5, 30], [30, 120], [120, 360], [360, 1_440]])('after %d minutes: asked, next at %d', (now, next) => {
    expect(dueAsk(NOW, minutes(now))).toEqual({ kind: 'ask', nextAt: minutes(next) });
  });
  it('after a day: given up', () => {
    expect(dueAsk(NOW, minutes(1_440))).toEqual({ kind: 'give-up' });
    expect(firstAskOf(NOW)).toEqual(minutes(1));
  });
});
