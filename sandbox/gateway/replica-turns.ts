/** The replicas of one subgraph, each asked in turn. */
export class ReplicaTurns {
  private turn = 0;

  /** @throws Error without a replica. */
  constructor(private readonly urls: readonly string[]) {
    if (urls.length === 0) throw new Error('a subgraph needs at least one replica');
  }

  /** All replicas, beginning with the one whose turn it is: the others stand in when it is down. */
  next(): string[] {
    const first = this.turn;
    this.turn = (this.turn + 1) % this.urls.length;
    return [...this.urls.slice(first), ...this.urls.slice(0, first)];
  }
}
