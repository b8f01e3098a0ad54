import { newOrderNumber } from './order-number';

it('is short, human, and drawn from letters that nobody reads as digits', () => {
  const asked: { count: number; alphabet: string }[] = [];
  const number = newOrderNumber({ randomText: (count, alphabet) => { asked.push({ count, alphabet }); return '7K3M9QXA'; } });
  expect(number).toBe('GE-7K3M-9QXA');
  expect(asked).toEqual([{ count: 8, alphabet: expect.not.stringMatching(/[ILOU]/) as string }]);
  expect(new Set(asked[0]?.alphabet).size).toBe(32);
});
