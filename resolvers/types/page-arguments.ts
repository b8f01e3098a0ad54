/** The arguments of every list, described once. */
export const AFTER = { nullable: true, description: 'Only what comes after this cursor; left out: from the start.' } as const;

export function firstOf(byDefault: number) {
  return { nullable: true, defaultValue: byDefault, description: 'How many entries at most, from 1 to 100.' } as const;
}
