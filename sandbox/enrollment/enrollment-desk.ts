import { v7 } from 'uuid';
import type { BehaviourRegister } from '../behaviour/behaviour-register';
import type { EventOutlet } from '../events/event-outlet';
import { Problem } from '../http/problem';
import { answerTo } from './enrollment-answer';
import type { EnrollmentStatus } from './enrollment-answer';

/** A seat of a licence, given to a learner: what an enrollment is made for. */
export interface SeatAssignment {
  readonly assignmentId: string;
  readonly seatId: string;
  readonly learnerId: string;
}

export interface Enrollment extends SeatAssignment {
  readonly licenseId: string;
  readonly tenantId: string;
  readonly correlationId: string;
  readonly status: EnrollmentStatus;
  readonly enrollmentId?: string;
}

/** Where a request for enrollments comes from. */
export interface EnrollmentOrigin {
  readonly licenseId: string;
  readonly tenantId: string;
  readonly correlationId: string;
  readonly eventId: string;
}

/** enrollment-service's memory: one enrollment per assignment, however often it is asked. */
export class EnrollmentDesk {
  private readonly byAssignment = new Map<string, Enrollment>();

  constructor(
    private readonly behaviour: BehaviourRegister,
    private readonly outlet: EventOutlet,
  ) {}

  ofLicense(licenseId: string): Enrollment[] {
    return [...this.byAssignment.values()].filter((enrollment) => enrollment.licenseId === licenseId);
  }

  /** Answers for each assignment, or keeps silent, as the tenant's switch says. */
  request(assignments: readonly SeatAssignment[], origin: EnrollmentOrigin): void {
    const { enrollment: behaviour } = this.behaviour.of(origin.tenantId);
    assignments.forEach((assignment, position) => {
      const { eventId, ...from } = origin;
      const known = this.byAssignment.get(assignment.assignmentId) ?? { ...assignment, ...from, status: 'unanswered' as const };
      this.byAssignment.set(known.assignmentId, known);
      switch (answerTo(behaviour, position, known.status)) {
        case 'create':
          return this.announceCreated(this.enrol(known), eventId);
        case 'reject':
          return this.announceRejected(this.change(known, { status: 'rejected' }), eventId);
        case 'silence':
          return;
      }
    });
  }

  /** Ends the enrollments that match; an assignment that was never answered is not answered any more. */
  withdraw(matches: (enrollment: Enrollment) => boolean): void {
    for (const enrollment of this.byAssignment.values()) {
      if (enrollment.status !== 'rejected' && matches(enrollment)) this.change(enrollment, { status: 'withdrawn' });
    }
  }

  /**
   * The learner of the seat opens the course; implies the enrollment where nobody announced it.
   * @throws Problem 404 when the seat has no live assignment.
   */
  start(seatId: string): Enrollment {
    const assigned = [...this.byAssignment.values()]
      .filter((enrollment) => enrollment.seatId === seatId && (enrollment.status === 'active' || enrollment.status === 'unanswered'))
      .at(-1);
    if (assigned === undefined) throw new Problem(404, 'no-such-enrollment', `nobody is enrolled for the seat ${seatId}`);
    const enrollment = this.enrol(assigned);
    this.announce('enrollment.started.v1', enrollment, v7(), { ...echo(enrollment), startedAt: new Date().toISOString() });
    return enrollment;
  }

  private enrol(enrollment: Enrollment): Enrollment {
    return this.change(enrollment, { status: 'active', enrollmentId: enrollment.enrollmentId ?? v7() });
  }

  private change(enrollment: Enrollment, change: Pick<Enrollment, 'status' | 'enrollmentId'>): Enrollment {
    const changed = { ...enrollment, ...change };
    this.byAssignment.set(changed.assignmentId, changed);
    return changed;
  }

  private announceCreated(enrollment: Enrollment, causationId: string): void {
    this.announce('enrollment.created.v1', enrollment, causationId, echo(enrollment));
  }

  private announceRejected(enrollment: Enrollment, causationId: string): void {
    this.announce('enrollment.rejected.v1', enrollment, causationId, { ...echo(enrollment), code: 'learner_not_eligible' });
  }

  private announce(type: string, enrollment: Enrollment, causationId: string, data: Record<string, unknown>): void {
    const { assignmentId: subject, tenantId, correlationId } = enrollment;
    this.outlet.publish({ type, source: '/enrollment-service', subject, tenantId, correlationId, causationId, data });
  }
}

function echo({ enrollmentId, licenseId, seatId, learnerId, assignmentId }: Enrollment): Record<string, unknown> {
  const seat = { licenseId, seatId, learnerId, assignmentId };
  return enrollmentId === undefined ? seat : { enrollmentId, ...seat };
}
