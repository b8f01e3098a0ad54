import { monthsLater } from './calendar';
import type { Day } from './calendar';
import type { Answer, Deed, Fate } from './fate';

/** What a fate has of its own; the rest is chance's. */
type Scene = (lastOfMonth: Day) => Partial<Fate>;

/**
 * A subscription by the month whose first renewal is answered like that, with deeds so many days after it is due;
 * what comes after it is paid.
 */
function monthly(answers: readonly Answer[], deeds: readonly (readonly [days: number, deed: Deed])[] = [], more: Partial<Fate> = {}): Scene {
  return (lastOfMonth) => {
    const startsOn = lastOfMonth - 1;
    const due = monthsLater(startsOn, 1);
    const wishes = deeds.map(([days, deed]) => ({ day: due + days, deed }));
    return { rhythm: 'monthly', startsOn, coupon: null, answers: [answers], wishes, ...more };
  };
}

/** Each way that a subscription can take, once. */
export const SCENES: readonly Scene[] = [
  monthly(['soft'], [[2, 'abandon'], [9, 'pay']]), // the page is closed by the try of day 3
  monthly(['hard'], [[2, 'abandon']]), // the page is closed as it expires
  monthly(['soft', 'hard'], [[4, 'decline'], [13, 'pay']]),
  monthly(['soft', 'soft', 'soft', 'soft', 'pays']),
  monthly(['soft']),
  monthly(['soft'], [[2, 'cancel']]),
  monthly(['hard'], [[3, 'dispute']]),
  monthly(['pays'], [[5, 'refund']], { coupon: 'PROVIDER' }),
  monthly(['pays'], [[5, 'goodwill'], [8, 'dispute']], { coupon: 'PLATFORM' }),
  monthly(['pays'], [[-3, 'cancel']]),
  monthly(['pays'], [[-8, 'cancel'], [-3, 'resume']]),
  monthly(['pays'], [[-20, 'refund']], { seated: true, quantity: 2 }),
  (lastOfMonth) => ({ rhythm: 'monthly', startsOn: lastOfMonth, answers: [], wishes: [] }), // 31 January, 28 or 29 February, 31 March
  (lastOfMonth) => ({ rhythm: 'trial', startsOn: lastOfMonth, coupon: null, answers: [['soft', 'pays']], wishes: [] }),
  (lastOfMonth) => ({ rhythm: 'quarterly', startsOn: lastOfMonth - 29, answers: [['soft', 'pays']], wishes: [] }),
];
