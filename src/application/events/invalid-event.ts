/** An event that does not keep its schema. Where we made it, it is a bug: the transaction must not commit. */
export class InvalidEvent extends Error {
  override readonly name = 'InvalidEvent';

  constructor(
    readonly eventType: string,
    /** What is wrong, each with the place, for example `/total/amountMinor must match pattern …`. */
    readonly problems: readonly string[],
  ) {
    super(`${eventType}: ${problems.join('; ')}`);
  }
}
