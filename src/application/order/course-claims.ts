import type { CourseId, TenantId } from '../../domain/ids';
import type { OrderLine } from '../../domain/order/order';
import type { Caller } from '../actor';
import type { CourseClaim, OrderStore } from '../ports/orders';
import type { Tx } from '../ports/unit-of-work';
import type { LineOutcome } from '../pricing/price-request';
import { userError } from '../user-error';
import type { UserError } from '../user-error';

type ClaimedLine = Pick<OrderLine, 'courseId' | 'learnerIds'> & { readonly title: string };

const sameClaim = (claim: CourseClaim, courseId: string, learnerId: string): boolean => claim.courseId === courseId && claim.learnerId === learnerId;

/** One claim per learner and course; what two lines of one order both want is wanted twice. */
export function claimsOf(tenantId: TenantId, lines: readonly ClaimedLine[]): { readonly wanted: readonly CourseClaim[]; readonly twice: readonly CourseClaim[] } {
  const wanted = new Map<string, CourseClaim>();
  const twice: CourseClaim[] = [];
  for (const { courseId, learnerIds } of lines) {
    for (const learnerId of learnerIds) {
      const claim = { tenantId, learnerId, courseId };
      const key = `${courseId} ${learnerId}`;
      if (wanted.has(key)) twice.push(claim);
      wanted.set(key, claim);
    }
  }
  return { wanted: [...wanted.values()], twice };
}

/** A refusal for each line that wants what is held already (domain-rules, "Plans"). */
export function alreadyLicensed(lines: readonly ClaimedLine[], held: readonly CourseClaim[]): UserError[] {
  return lines.flatMap(({ courseId, learnerIds, title }, index) => {
    const holders = learnerIds.filter((learnerId) => held.some((claim) => sameClaim(claim, courseId, learnerId)));
    if (holders.length === 0) return [];
    const who = holders.length === 1 ? 'This learner already has' : `${holders.length} of these learners already have`;
    return [userError('ALREADY_LICENSED', `${who} a seat for “${title}”, or an order for one under way.`, ['input', 'lines', String(index)], { learnerIds: holders.slice(0, 20).join(',') })];
  });
}

/** A line that cannot be bought claims nothing; it keeps its place so that paths stay right. */
const NO_COURSE = '' as CourseId;

/** The refusals for lines of a priced request that want what is held already, whatever else is wrong with it. */
export async function heldAlready(tx: Tx, orders: Pick<OrderStore, 'heldClaims'>, caller: Caller, outcomes: readonly LineOutcome[]): Promise<UserError[]> {
  if (caller.kind !== 'user') return [];
  const lines = outcomes.map(({ purchasable }) => ({
    courseId: purchasable?.listing.courseId ?? NO_COURSE, learnerIds: purchasable?.learnerIds ?? [], title: purchasable?.listing.title ?? '',
  }));
  const { wanted, twice } = claimsOf(caller.tenantId, lines);
  return alreadyLicensed(lines, [...twice, ...(await orders.heldClaims(tx, wanted))]);
}
