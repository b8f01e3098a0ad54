import type { Behaviour } from '../behaviour/behaviour';

export type EnrollmentStatus = 'unanswered' | 'active' | 'rejected' | 'withdrawn';
export type EnrollmentAnswer = 'create' | 'reject' | 'silence';

/**
 * What enrollment-service says to a seat that asks: what it said before, else what
 * the `enrollment` switch says. `partial` rejects every second seat of the list that
 * it is asked about; `never` keeps silent, also about what was answered before.
 */
export function answerTo(behaviour: Behaviour['enrollment'], position: number, earlier: EnrollmentStatus): EnrollmentAnswer {
  if (behaviour === 'never' || earlier === 'withdrawn') return 'silence';
  if (earlier === 'active') return 'create';
  if (earlier === 'rejected') return 'reject';
  switch (behaviour) {
    case 'create':
      return 'create';
    case 'reject':
      return 'reject';
    case 'partial':
      return position % 2 === 0 ? 'create' : 'reject';
  }
}
