import { defineSaga } from '../src/application/saga/definition';
import { reactionsOf } from '../src/application/saga/reactions';
import type { PayoutProtocol } from '../src/application/payout/payout-protocol';

const { compensate, next, stay, undone } = reactionsOf<PayoutProtocol>();

/**
 * One payout's way to its provider, version 1. The payout and its ledger debit are there before the saga begins. A
 * transfer that is not answered is looked up before it is made again, for as long as it takes: nobody gives up money
 * that may have moved. Only Stripe's definite refusal takes the payout back.
 */
export const payoutSaga = defineSaga<PayoutProtocol>({
  name: 'marketplace.payout',
  version: 1,
  steps: [
    {
      name: 'schedule',
      invoke: ({ data, now }) => {
        const due = new Date(`${data.scheduledFor}T00:00:00.000Z`);
        return due <= now ? next() : stay({ timers: { due } });
      },
      on: { 'timer.due': () => next() },
      compensate: ({ data }) => undone({ effects: [{ type: 'payout.put-back', message: data.refusal ?? 'refused' }] }),
    },
    {
      name: 'transfer',
      invoke: ({ data: { payoutId } }) => stay({ effects: [{ type: 'payout.begin' }], call: { name: 'transfer', request: { payoutId } } }),
      on: {
        'transfer.replied': (_saga, { transferId }) => next({ data: { transferId } }),
        'transfer.refused': (_saga, { message }) => compensate('REFUSED', { data: { refusal: message } }),
      },
    },
    {
      name: 'settle',
      invoke: ({ data: { transferId } }) => {
        if (!transferId) throw new Error('a payout settles with its transfer');
        return next({ effects: [{ type: 'payout.settle', transferId }] });
      },
    },
  ],

  whenCompensating: () => ({}),
  whenCompensated: () => ({}),
  whenStuck: () => ({}), // nothing here gives up: there is no step that could be stuck
  operatorFailure: null, // money may have moved: only Stripe's word ends it
  resolve: () => ({ impossibleBecause: 'only Stripe’s word ends a payout' }),
  onEnded: {},
  otherwise: {},
});
