/** A sibling service gave no usable answer in time: nothing is known, and the same question may be asked again. */
export class NeighbourUnavailable extends Error {
  constructor(
    /** For people and logs: `catalog-service`. */
    readonly neighbour: string,
    reason: string,
    options?: ErrorOptions,
  ) {
    super(`${neighbour}: ${reason}`, options);
    this.name = 'NeighbourUnavailable';
  }
}
