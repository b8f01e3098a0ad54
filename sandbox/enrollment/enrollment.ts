import type { FastifyPluginAsync } from 'fastify';
import { z } from 'zod';
import type { EventEnvelope } from '../events/event-envelope';
import { parse } from '../http/problem';
import type { Neighbour, NeighbourContext } from '../neighbour';
import { EnrollmentDesk } from './enrollment-desk';
import type { Enrollment, EnrollmentOrigin, SeatAssignment } from './enrollment-desk';

/** Payloads as far as enrollment-service reads them; the schemas have been checked before. */
interface LicenseData { readonly licenseId: string; readonly assignments: readonly SeatAssignment[] }
interface RevokedData { readonly licenseId: string; readonly revokedSeats?: readonly { readonly assignmentId?: string; readonly seatId: string }[] }
interface SeatData extends SeatAssignment { readonly licenseId: string }

/** enrollment-service: enrols learners for assigned seats and withdraws them, all by events. */
export function enrollment({ behaviour, outlet }: NeighbourContext): Neighbour {
  const desk = new EnrollmentDesk(behaviour, outlet);
  return {
    prefix: '/enrollment',
    controls: enrollmentControls(desk),
    onMarketplaceEvent: (event) => actOn(desk, event),
  };
}

function actOn(desk: EnrollmentDesk, event: EventEnvelope): void {
  switch (event.type) {
    case 'marketplace.license.granted.v1':
    case 'marketplace.enrollment.requested.v1': {
      const { licenseId, assignments } = dataOf<LicenseData>(event);
      return desk.request(assignments, originOf(event, licenseId));
    }
    case 'marketplace.seat.assigned.v1': {
      const seat = dataOf<SeatData>(event);
      return desk.request([assignmentOf(seat)], originOf(event, seat.licenseId));
    }
    case 'marketplace.seat.released.v1': {
      const { assignmentId } = dataOf<SeatData>(event);
      return desk.withdraw((enrollment) => enrollment.assignmentId === assignmentId);
    }
    case 'marketplace.license.revoked.v1': {
      const { licenseId } = dataOf<RevokedData>(event);
      return desk.withdraw((enrollment) => enrollment.licenseId === licenseId);
    }
    case 'marketplace.license.seats_revoked.v1':
      return desk.withdraw(isAmong(dataOf<RevokedData>(event)));
    default:
      // The other marketplace events are none of enrollment-service's business.
      return;
  }
}

function isAmong({ licenseId, revokedSeats = [] }: RevokedData): (enrollment: Enrollment) => boolean {
  const seats = new Set(revokedSeats.map(({ seatId }) => seatId));
  return (enrollment) => enrollment.licenseId === licenseId && seats.has(enrollment.seatId);
}

function assignmentOf({ assignmentId, seatId, learnerId }: SeatData): SeatAssignment {
  return { assignmentId, seatId, learnerId };
}

function originOf(event: EventEnvelope, licenseId: string): EnrollmentOrigin {
  return { licenseId, tenantId: event.tenantid, correlationId: event.correlationid ?? licenseId, eventId: event.id };
}

function dataOf<T>(event: EventEnvelope): T {
  return event.data as unknown as T;
}

function enrollmentControls(desk: EnrollmentDesk): FastifyPluginAsync {
  return async (app) => {
    app.get('/enrollments', async ({ query }) => {
      const { licenseId } = parse(z.object({ licenseId: z.string() }), query);
      const answered = desk.ofLicense(licenseId).filter((enrollment) => enrollment.status !== 'unanswered');
      return { enrollments: answered.map(witnessed) };
    });

    app.post<{ Params: { seatId: string } }>('/enrollments/:seatId/start', async ({ params }, reply) =>
      reply.status(202).send(witnessed(desk.start(params.seatId))),
    );
  };
}

function witnessed({ enrollmentId, assignmentId, seatId, learnerId, status }: Enrollment): object {
  return { enrollmentId: enrollmentId ?? null, assignmentId, seatId, learnerId, status };
}
