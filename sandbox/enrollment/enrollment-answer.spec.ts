import { answerTo } from './enrollment-answer';

describe('what enrollment-service answers to a seat', () => {
  it.each([
    ['create', ['create', 'create', 'create']],
    ['reject', ['reject', 'reject', 'reject']],
    ['partial', ['create', 'reject', 'create']],
    ['never', ['silence', 'silence', 'silence']],
  ] as const)('under %s, asked about three new seats', (behaviour, answers) => {
    expect([0, 1, 2].map((position) => answerTo(behaviour, position, 'unanswered'))).toEqual(answers);
  });

  it('given it answered before, it says the same again whatever the switch says now', () => {
    expect([answerTo('reject', 0, 'active'), answerTo('create', 0, 'rejected')]).toEqual(['create', 'reject']);
  });

  it('given the seat was withdrawn, it stays silent', () => {
    expect(answerTo('create', 0, 'withdrawn')).toBe('silence');
  });

  it('under never it is silent even about what it answered before', () => {
    expect(answerTo('never', 0, 'active')).toBe('silence');
  });
});
