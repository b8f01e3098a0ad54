import * as fc from 'fast-check';
import { startWorld } from '../../support/world';
import type { World } from '../../support/world';
import { AskRefund, Assign, Buy, Cancel, expectSame, Pay, UseSeat } from './buyer-commands';
import { AddPlan, ChangeListing, ChangePlan, CreateCoupon, CreateListing, EndCoupon, GoLive, Verify } from './provider-commands';
import type { ModelCommand } from './provider-commands';
import { ADMINS, PROVIDERS } from './rules';
import { setTheStage } from './stage';

/*
 * Providers, administrators and buyers do what comes to their minds, through the supergraph before two replicas; a
 * model of the rules says each time what must come of it: the success, or the code of the refusal, totals, statuses,
 * counts of seats. A failure prints its seed, and the shortest way to it that could be found.
 *
 * MODEL_RUNS, MODEL_COMMANDS: how much, 12 runs of up to 60. MODEL_SEED, MODEL_PATH, MODEL_REPLAY: once more what failed.
 * Mutations that were tried and fail it: plans that are retired can be bought (shrunk to: retire, buy); one consumed
 * seat still lets everything be refunded (shrunk to: buy, pay, start, refund).
 */
const { MODEL_RUNS = '12', MODEL_COMMANDS = '60', MODEL_SEED, MODEL_PATH, MODEL_REPLAY } = process.env;
const GIVE_UP_MS = 400_000;

let world: World;
beforeAll(async () => { world = await startWorld({ replicas: 2 }); });
afterAll(() => world.stop());

const which = fc.nat(5);
const price = fc.constantFrom(4_900, 3_333, 999, 10_000, 1);
const wish = fc.record({ listing: fc.nat(1), plan: fc.nat(2), quantity: fc.constantFrom(1, 1, 1, 1, 2, 2, 3, 0), learner: fc.constantFrom('self' as const, 'none' as const, 'none' as const, 'other' as const) });
const buy = fc.tuple(fc.constantFrom(0, 0, 0, 1), fc.array(wish, { minLength: 1, maxLength: 2 }), fc.option(which, { freq: 2 })).map((of) => new Buy(...of));
const coupon = fc.tuple(fc.constantFrom({ percent: 10 }, { percent: 33 }, { percent: 100 }, { amount: 500 }), fc.option(fc.integer({ min: 1, max: 2 })), fc.boolean()).map((of) => new CreateCoupon(...of));
const change = fc.tuple(fc.nat(1), fc.constantFrom(...PROVIDERS.filter((name) => name !== 'archive'), ...ADMINS), fc.constantFrom('provider' as const, 'admin' as const, 'rival' as const), fc.boolean());
const COMMANDS: readonly fc.Arbitrary<ModelCommand>[] = [
  fc.constantFrom('Knots', 'More knots', '').map((title) => new CreateListing(title)),
  change.map((of) => new ChangeListing(...of)),
  fc.nat(1).map((of) => new ChangeListing(of, 'reinstate', 'admin', false)),
  fc.tuple(which, fc.constantFrom('provider' as const, 'rival' as const), fc.boolean()).map(([of, who, stale]) => new ChangeListing(of, 'archive', who, stale)),
  fc.boolean().map((verified) => new Verify(verified)),
  ...Array.from({ length: 2 }, () => fc.nat(2).map((of) => new GoLive(of))),
  ...Array.from({ length: 2 }, () => fc.tuple(fc.nat(1), price, fc.constantFrom(1, 3, 4)).map((of) => new AddPlan(...of))),
  fc.tuple(fc.nat(1), fc.nat(2), fc.option(price)).map((of) => new ChangePlan(...of)),
  coupon,
  fc.tuple(which, fc.constantFrom('provider' as const, 'rival' as const)).map((of) => new EndCoupon(...of)),
  ...Array.from({ length: 4 }, () => buy),
  ...Array.from({ length: 6 }, () => fc.tuple(which, fc.constantFrom('pay' as const, 'pay' as const, 'pay' as const, 'pay' as const, 'decline' as const)).map((of) => new Pay(...of))),
  fc.tuple(which, fc.boolean()).map((of) => new Cancel(...of)),
  ...Array.from({ length: 3 }, () => fc.tuple(which, fc.integer({ min: 1, max: 3 }), fc.boolean()).map((of) => new Assign(...of))),
  ...Array.from({ length: 5 }, () => fc.tuple(which, which, fc.constantFrom('start' as const, 'release' as const)).map((of) => new UseSeat(...of))),
  ...Array.from({ length: 3 }, () => which.map((of) => new AskRefund(of))),
];

/** Each run begins with something on sale. Most would end before that otherwise. */
const OPENING: readonly ModelCommand[] = [new AddPlan(0, 4_900, 1), new AddPlan(0, 10_000, 4), new GoLive(0)];

it('whatever is done, the marketplace answers as the model says', async () => {
  const commands = fc.commands([...COMMANDS], { maxCommands: Number(MODEL_COMMANDS), size: 'max', ...(MODEL_REPLAY ? { replayPath: MODEL_REPLAY } : {}) });
  await fc.assert(fc.asyncProperty(commands, async (done) => {
    const { model, real } = await setTheStage(world);
    for (const opening of OPENING) await opening.run(model, real);
    await fc.asyncModelRun(() => ({ model, real }), done);
    await expectSame(model, real);
  }), {
    numRuns: Number(MODEL_RUNS), interruptAfterTimeLimit: GIVE_UP_MS - 60_000,
    ...(MODEL_SEED ? { seed: Number(MODEL_SEED) } : {}), ...(MODEL_PATH ? { path: MODEL_PATH } : {}),
  });
}, GIVE_UP_MS);
