import type { Random } from '../../chaos/plan/random';
import { randomOf } from '../../chaos/plan/random';
import { dayOf, monthsLater } from './calendar';
import type { Day } from './calendar';
import type { Answer, Deed, Fate, Wish } from './fate';
import { COUPON_PERCENT, CURRENCIES, PROVIDERS, RHYTHMS } from './offers';
import type { Funding, RhythmName } from './offers';
import { SCENES } from './scenes';

/** What happens in one year, by its seed alone. */
export interface YearPlan {
  readonly seed: number;
  readonly firstDay: Day;
  /** The last day that is lived through. */
  readonly lastDay: Day;
  readonly fates: readonly Fate[];
  /** On the first day from each of these on that is busy enough, a replica is killed in the middle of it. */
  readonly kills: readonly Day[];
}

export interface YearSize {
  readonly subscriptions: number;
  /** After the opening month, in which most subscriptions begin. */
  readonly days: number;
}

/** December: its last days are anchors that February does not have. */
const OPENING_DAYS = 31;
/** In the first days of it years begin, so that they end within 365 more. */
const LATE_COMERS_DAYS = 90;

/** Among so few chance would leave out most kinds of misfortune: some fates are written for them. */
const FEW = 200;

/** The seed chooses the year too: one in four has a 29 February. */
export function planOf(seed: number, { subscriptions, days }: YearSize): YearPlan {
  const random = randomOf(seed);
  const firstDay = dayOf(2030 + (seed % 4), 12, 1);
  const lastDay = firstDay + OPENING_DAYS + days - 1;
  const fates: Fate[] = Array.from({ length: subscriptions }, (_, index) => fateOf(random, index, { firstDay, lateComersDays: Math.min(LATE_COMERS_DAYS, Math.floor(days / 2)) }));
  const written = subscriptions < FEW ? SCENES.slice(0, subscriptions).map((scene, index) => ({ ...fates[index]!, ...scene(firstDay + OPENING_DAYS - 1) })) : [];
  const kills = subscriptions < FEW ? 1 : Math.max(2, Math.round(days / 60)); // each costs the half minute of a lease
  const killed = Array.from({ length: kills }, (_, index) => firstDay + OPENING_DAYS + Math.floor((index + 0.3) * (days / kills)));
  return { seed, firstDay, lastDay, fates: [...written, ...fates.slice(written.length)], kills: killed };
}

interface Times {
  readonly firstDay: Day;
  readonly lateComersDays: number;
}

function fateOf(random: Random, index: number, { firstDay, lateComersDays }: Times): Fate {
  const rhythm = weighted<RhythmName>(random, [['monthly', 62], ['trial', 16], ['quarterly', 10], ['yearly', 12]]);
  const startsOn = firstDay + startOf(random, rhythm, lateComersDays);
  const base = {
    index, startsOn, rhythm, provider: random.below(PROVIDERS.length), currency: random.pick(CURRENCIES), quantity: random.pick([1, 1, 1, 2, 3]),
    coupon: RHYTHMS[rhythm].trialDays === 0 && chance(random, 20) ? random.pick(Object.keys(COUPON_PERCENT) as Funding[]) : null, seated: chance(random, 25),
  };
  const answers: Answer[][] = [];
  const wishes: Wish[] = [...onAWhim(random, startsOn)];
  for (let period = 1; period <= 13; period++) {
    const due = duesOf(base, period);
    const row = answersOf(random);
    answers.push(row);
    wishes.push(...(row.at(-1) === 'pays' ? [] : inNeed(random, due)), ...onAWhim(random, due));
  }
  return { ...base, answers, wishes: oneADay(wishes) };
}

function startOf(random: Random, rhythm: RhythmName, lateComersDays: number): number {
  if (rhythm === 'yearly') return random.below(OPENING_DAYS - 14);
  if (chance(random, 30)) return 28 + random.below(3); // the 29th, 30th and 31st
  return chance(random, 75) ? random.below(OPENING_DAYS) : random.below(OPENING_DAYS + lateComersDays);
}

/** When a period would be due, if all goes well until then. */
function duesOf({ startsOn, rhythm }: Pick<Fate, 'startsOn' | 'rhythm'>, period: number): Day {
  const { months, trialDays } = RHYTHMS[rhythm];
  return trialDays > 0 ? monthsLater(startsOn + trialDays, months * (period - 1)) : monthsLater(startsOn, months * period);
}

function answersOf(random: Random): Answer[] {
  const soft = (times: number) => Array.from({ length: times }, (): Answer => 'soft');
  switch (weighted(random, [['pays', 840], ['recovers', 80], ['soft', 35], ['hard', 30], ['hardens', 15]])) {
    case 'pays': return ['pays'];
    case 'recovers': return [...soft(1 + random.below(4)), 'pays'];
    case 'soft': return ['soft'];
    case 'hard': return ['hard'];
    default: return [...soft(1 + random.below(2)), 'hard'];
  }
}

/** What is done about a period that billing will never charge by itself. */
function inNeed(random: Random, due: Day): Wish[] {
  const on = (deed: Deed, day: number): Wish => ({ deed, day: due + day });
  const first = 1 + random.below(6);
  const later = first + 1 + random.below(14 - first);
  switch (weighted(random, [['pay', 50], ['late', 12], ['decline', 12], ['abandon', 10], ['cancel', 6], ['dispute', 4], ['nothing', 10]])) {
    case 'pay': return [on('pay', later)];
    case 'late': return [on('pay', 14)];
    case 'decline': return [on('decline', first), on('pay', later)];
    case 'abandon': return [on('abandon', first), ...(chance(random, 50) ? [on('pay', later)] : [])];
    case 'cancel': return [on('cancel', first)];
    case 'dispute': return [on('dispute', first)];
    default: return [];
  }
}

/** What is done without need, in the days after a period's beginning. */
function onAWhim(random: Random, start: Day): Wish[] {
  const on = (deed: Deed, day: number): Wish => ({ deed, day: start + day });
  const day = 1 + random.below(12);
  switch (weighted(random, [['nothing', 935], ['cancel', 14], ['resume', 14], ['refund', 6], ['goodwill', 20], ['dispute', 6], ['both', 5]])) {
    case 'cancel': return [on('cancel', day)];
    case 'resume': return [on('cancel', day), on('resume', day + 1 + random.below(14))];
    case 'refund': return [on('refund', day)];
    case 'goodwill': return [on('goodwill', day)];
    case 'dispute': return [on('dispute', 2 * day)];
    case 'both': return [on('goodwill', day), on('dispute', day + 3)];
    default: return [];
  }
}

function oneADay(wishes: readonly Wish[]): Wish[] {
  return [...new Map(wishes.map((wish) => [wish.day, wish])).values()].sort((left, right) => left.day - right.day);
}

function chance(random: Random, percent: number): boolean {
  return random.below(100) < percent;
}

function weighted<T extends string>(random: Random, choices: readonly (readonly [T, number])[]): T {
  let left = random.below(choices.reduce((sum, [, weight]) => sum + weight, 0));
  for (const [choice, weight] of choices) {
    if (left < weight) return choice;
    left -= weight;
  }
  throw new Error('no choice');
}
