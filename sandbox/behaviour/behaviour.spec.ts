import { behaviourChangeSchema, DEFAULT_BEHAVIOUR, effectiveBehaviour, mergeBehaviour } from './behaviour';
import { BehaviourRegister } from './behaviour-register';

describe('behaviour switches', () => {
  it('given nothing set, every neighbour is at its best', () => {
    expect(effectiveBehaviour({}, {})).toEqual(DEFAULT_BEHAVIOUR);
  });

  it('given a switch is set, a further change leaves it alone', () => {
    expect(mergeBehaviour({ payment: 'never' }, { refund: 'fail' })).toEqual({ payment: 'never', refund: 'fail' });
  });

  it('given a switch is set, null takes it back', () => {
    expect(mergeBehaviour({ payment: 'never', refund: 'fail' }, { payment: null })).toEqual({ refund: 'fail' });
  });

  it("given a global and a tenant's switch, the tenant's wins and the rest is global", () => {
    const behaviour = effectiveBehaviour({ payment: 'decline', settleAfterMs: 0 }, { payment: 'manual' });
    expect(behaviour).toMatchObject({ payment: 'manual', settleAfterMs: 0, cancel: 'accept' });
  });

  it('keeps false and 0 as settings of their own', () => {
    const behaviour = effectiveBehaviour({ reorderEvents: true, duplicateEvents: 2 }, mergeBehaviour({}, { reorderEvents: false, duplicateEvents: 0 }));
    expect(behaviour).toMatchObject({ reorderEvents: false, duplicateEvents: 0 });
  });

  it.each([{ payment: 'maybe' }, { paymnt: 'never' }, { duplicateEvents: -1 }, { policies: { caps: [] } }])(
    'refuses %j',
    (change) => expect(behaviourChangeSchema.safeParse(change).success).toBe(false),
  );
});

describe('the register of behaviour', () => {
  it('given two tenants, a change for one does not reach the other', () => {
    const register = new BehaviourRegister();
    register.change('a', { payment: 'decline' });
    expect([register.of('a').payment, register.of('b').payment]).toEqual(['decline', 'succeed']);
  });

  it("given a reset of one tenant, the global switches and the other tenants' stay", () => {
    const register = new BehaviourRegister();
    register.change(undefined, { cancel: 'refuse' });
    register.change('a', { payment: 'decline' });
    register.change('b', { payment: 'never' });
    register.reset('a');
    expect([register.of('a').payment, register.of('b').payment, register.of('a').cancel]).toEqual(['succeed', 'never', 'refuse']);
  });

  it('given a reset of all, nothing is set', () => {
    const register = new BehaviourRegister();
    register.change(undefined, { cancel: 'refuse' });
    register.change('b', { payment: 'never' });
    register.reset();
    expect(register.of('b')).toEqual(DEFAULT_BEHAVIOUR);
  });
});
