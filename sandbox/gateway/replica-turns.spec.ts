import { ReplicaTurns } from './replica-turns';

describe('the turns of replicas', () => {
  it('given three replicas, each is first in turn and the others follow', () => {
    const turns = new ReplicaTurns(['a', 'b', 'c']);
    expect([turns.next(), turns.next(), turns.next(), turns.next()]).toEqual([
      ['a', 'b', 'c'],
      ['b', 'c', 'a'],
      ['c', 'a', 'b'],
      ['a', 'b', 'c'],
    ]);
  });

  it('given none, there is nothing to serve', () => {
    expect(() => new ReplicaTurns([])).toThrow('at least one replica');
  });
});
