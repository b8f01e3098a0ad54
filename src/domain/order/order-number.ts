/** Crockford's base 32: no letter that is read as a digit. */
const ALPHABET = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';

/** A number for people, "GE-7K3M-9QXA": 40 random bits; the database keeps it unique. */
export function newOrderNumber(random: { randomText(count: number, alphabet: string): string }): string {
  const text = random.randomText(8, ALPHABET);
  return `GE-${text.slice(0, 4)}-${text.slice(4)}`;
}
