/** Where identities come from; an argument, so that domain code stays pure. */
export interface Ids {
  /** A new UUIDv7. */
  next<Id extends string = string>(): Id;
  /** `count` characters, each drawn evenly from the alphabet. */
  randomText(count: number, alphabet: string): string;
}
