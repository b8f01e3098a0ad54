/** How much one replica holds open over WebSockets. */
export interface SocketCaps {
  /** Sockets in all. */
  readonly maxSockets: number;
  /** Sockets of one user, or of one address that shows no token. */
  readonly maxSocketsPerPrincipal: number;
  /** Operations under way on one socket. */
  readonly maxSubscriptionsPerSocket: number;
  /** Operations under way of one user, over all its sockets. */
  readonly maxSubscriptionsPerPrincipal: number;
}

export const DEFAULT_SOCKET_CAPS: SocketCaps = { maxSockets: 20_000, maxSocketsPerPrincipal: 1_000, maxSubscriptionsPerSocket: 100, maxSubscriptionsPerPrincipal: 1_000 };

/** The places of one replica's sockets. Sockets in all are bounded where they are opened, before anybody is known. */
export class SocketPlaces {
  private readonly sockets: Held;
  private readonly subscriptions: Held;

  constructor(private readonly caps: SocketCaps) {
    this.sockets = new Held(caps.maxSocketsPerPrincipal);
    this.subscriptions = new Held(caps.maxSubscriptionsPerPrincipal);
  }

  /** A place for one more socket; null where the principal has them all. */
  take(principal: string): SocketPlace | null {
    return this.sockets.take(principal) ? new SocketPlace(principal, this.caps, this.sockets, this.subscriptions) : null;
  }
}

/** What one socket holds. */
export class SocketPlace {
  private underWay = 0;
  private left = false;

  constructor(
    private readonly principal: string,
    private readonly caps: SocketCaps,
    private readonly sockets: Held,
    private readonly subscriptions: Held,
  ) {}

  /** Whether one more operation may begin. */
  begin(): boolean {
    if (this.left || this.underWay >= this.caps.maxSubscriptionsPerSocket || !this.subscriptions.take(this.principal)) return false;
    this.underWay += 1;
    return true;
  }

  /** One has ended; those of a socket that has gone have ended already. */
  end(): void {
    if (this.underWay === 0) return;
    this.underWay -= 1;
    this.subscriptions.giveBack(this.principal);
  }

  leave(): void {
    if (this.left) return;
    this.left = true;
    while (this.underWay > 0) this.end();
    this.sockets.giveBack(this.principal);
  }
}

/** Counts what is held, by name, up to a bound. */
class Held {
  private readonly counts = new Map<string, number>();

  constructor(private readonly max: number) {}

  /** False where the bound is reached; then nothing is taken. */
  take(name: string): boolean {
    const count = this.counts.get(name) ?? 0;
    if (count >= this.max) return false;
    this.counts.set(name, count + 1);
    return true;
  }

  giveBack(name: string): void {
    const count = (this.counts.get(name) ?? 0) - 1;
    if (count > 0) this.counts.set(name, count);
    else this.counts.delete(name);
  }
}
