import type { CourseId, TenantId, UserId } from '../../domain/ids';
import { alreadyLicensed, claimsOf } from './course-claims';

const tenantId = 'tenant' as TenantId;
const line = (course: string, ...learners: string[]) => ({ courseId: course as CourseId, learnerIds: learners as UserId[], title: `About ${course}` });
const claim = (course: string, learner: string) => ({ tenantId, courseId: course as CourseId, learnerId: learner as UserId });

it('each learner wants each course once', () => {
  expect(claimsOf(tenantId, [line('knots', 'ada', 'bo'), line('sails', 'ada'), line('wind')])).toEqual({
    wanted: [claim('knots', 'ada'), claim('knots', 'bo'), claim('sails', 'ada')], twice: [],
  });
});

it('what two lines want for the same learner is wanted twice', () => {
  const { wanted, twice } = claimsOf(tenantId, [line('knots', 'ada'), line('knots', 'ada', 'bo')]);
  expect(wanted).toEqual([claim('knots', 'ada'), claim('knots', 'bo')]);
  expect(twice).toEqual([claim('knots', 'ada')]);
});

it('every line that wants what is held is refused, with its learners', () => {
  const lines = [line('knots', 'ada', 'bo'), line('sails', 'bo'), line('knots', 'cy')];
  expect(alreadyLicensed(lines, [claim('knots', 'ada'), claim('knots', 'bo')])).toEqual([
    { code: 'ALREADY_LICENSED', message: '2 of these learners already have a seat for “About knots”, or an order for one under way.', path: ['input', 'lines', '0'], params: { learnerIds: 'ada,bo' } },
  ]);
  expect(alreadyLicensed(lines, [claim('knots', 'cy')])).toMatchObject([{ message: 'This learner already has a seat for “About knots”, or an order for one under way.', path: ['input', 'lines', '2'] }]);
});

it('nothing held refuses nothing', () => {
  expect(alreadyLicensed([line('knots', 'ada')], [])).toEqual([]);
});
