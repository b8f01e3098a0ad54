import * as fc from 'fast-check';
import type { SubjectRequest } from '../../domain/gdpr/subject-request';
import { legalDeadline } from '../../domain/gdpr/subject-request';
import type { TenantId, UserId } from '../../domain/ids';
import { MAX_EVENT_ENTRIES } from '../order/order-events';
import { RECORDS_PER_EVENT, subjectExported } from './subject-answer';

const request: SubjectRequest = {
  id: 'r', requestId: 'theirs', kind: 'access', subjectId: 'subject' as UserId, tenantId: 'tenant' as TenantId, correlationId: 'chain', causationId: 'event',
  receivedAt: new Date('2026-01-31T09:30:00.000Z'),
};
const rowsOf = (count: number) => Array.from({ length: count }, (_, index) => ({ kind: 'seat' as const, data: { id: String(index) } }));
const exportsOf = (count: number) => subjectExported(request, rowsOf(count), request.receivedAt).map(({ data }) => (data as { export: { part: number; parts: number; records: object[] } }).export);

describe('an export', () => {
  it('of any length: every row once, in order, in numbered parts that a message can carry', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 4 * RECORDS_PER_EVENT }), (count) => {
      const parts = exportsOf(count);
      expect(parts.flatMap(({ records }) => records)).toEqual(rowsOf(count));
      expect(parts.map(({ part }) => part)).toEqual(parts.map((_, index) => index + 1));
      expect(parts.every((one) => one.parts === parts.length && one.records.length <= Math.min(RECORDS_PER_EVENT, MAX_EVENT_ENTRIES))).toBe(true);
    }), { numRuns: 50 });
  });

  it('given nothing: one part, so that it is an answer', () => {
    expect(exportsOf(0)).toEqual([{ part: 1, parts: 1, records: [] }]);
  });
});

it('the legal deadline is thirty days after the request came', () => {
  expect(legalDeadline(request.receivedAt)).toEqual(new Date('2026-03-02T09:30:00.000Z'));
});
