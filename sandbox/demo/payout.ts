import { setTimeout as pause } from 'node:timers/promises';
import { accepted } from './graph';
import { DemoCreatePlanDocument, DemoOnboardDocument, DemoPayoutDocument, DemoRunPayoutsDocument } from './operations/generated';
import { signIn } from './people';
import type { Neighbourhood, Person } from './people';
import { buy } from './purchase';

const FOR_GOOD = { kind: 'ONE_TIME', name: 'With a tutor', prices: [{ amount: '149.00', currency: 'EUR' }], refundPolicy: { windowDays: 0, partial: false } } as const;
const PAGES = { returnUrl: 'https://provider.example.org/done', refreshUrl: 'https://provider.example.org/again' };

/** Something that cannot be given back is sold, and its provider, verified by Stripe, is paid for it. Development accounts are not held. */
export async function payOut(neighbourhood: Neighbourhood, listingId: string, provider: Person, operator: Person): Promise<string[]> {
  const { createPricingPlan } = await provider.graph.ask(DemoCreatePlanDocument, { input: { listingId, ...FOR_GOOD } });
  const { id: planId } = accepted('createPricingPlan', createPricingPlan.plan, createPricingPlan.userErrors);
  await buy(await signIn(neighbourhood, ['buyer']), planId, null, () => undefined);
  const { createPayoutOnboardingLink: link } = await provider.graph.ask(DemoOnboardDocument, { input: { currency: 'EUR', ...PAGES } });
  await fetch(accepted('createPayoutOnboardingLink', link.url, link.userErrors), { redirect: 'manual' });
  const { runPayouts } = await operator.graph.ask(DemoRunPayoutsDocument, { scheduledFor: new Date().toISOString().slice(0, 10) });
  const { id } = accepted('runPayouts', runPayouts.payouts[0], runPayouts.userErrors);
  for (;;) {
    const { payout } = await provider.graph.ask(DemoPayoutDocument, { id });
    if (payout?.status === 'FAILED') throw new Error('the payout failed');
    if (payout?.status === 'PAID') {
      const entries = payout.statementCsv.trimEnd().split('\r\n').length - 2;
      return [`payout ${id}: ${payout.amount.amount} ${payout.amount.currency} to the provider, ${payout.status}; its statement has ${entries} ${entries === 1 ? 'entry' : 'entries'}`];
    }
    await pause(50);
  }
}
