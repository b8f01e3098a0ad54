import type { AuthenticatedUser, Caller } from '../src/application/actor';
import type { ApplicationCore } from '../src/application/application';
import type { ListingUseCases } from '../src/application/listing';
import type { Tx } from '../src/application/ports/unit-of-work';
import { notAuthenticated } from './errors';
import type { Rejection } from './errors';
import { createLoaders } from './loaders';
import type { Loaders } from './loaders';
import { Reads } from './reads';

/** Everything that resolvers may call. */
export interface Application extends ApplicationCore {
  readonly listings: ListingUseCases;
}

/** Who asks. A token that was not accepted makes the caller anonymous, and is told where one is needed. */
export interface Identification {
  readonly caller: Caller;
  readonly rejection: Rejection | null;
}

/** What one operation's resolvers share: never more than one operation, so that nothing leaks or grows stale. */
export class OperationContext {
  private held: Loaders | null = null;
  private readonly reads = new Reads((work) => this.application.unitOfWork.run(this.caller, work, { ahead: true }));

  constructor(
    readonly application: Application,
    private readonly identification: Identification,
  ) {}

  get loaders(): Loaders {
    return (this.held ??= createLoaders(this));
  }

  get caller(): Caller {
    return this.identification.caller;
  }

  /** @throws GraphQLError UNAUTHENTICATED (or TEMPORARILY_UNAVAILABLE) for an anonymous caller. */
  user(): AuthenticatedUser {
    const { caller, rejection } = this.identification;
    if (caller.kind === 'anonymous') throw notAuthenticated(rejection);
    return caller;
  }

  /** Reads in the caller's name: what the caller may not see is not there. */
  read<T>(work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.reads.read(work);
  }

  /** Forgets what was read. */
  renewLoaders(): void {
    this.held = null;
  }

  /** The same events, each of which sees the world anew; while none comes, nothing is held of what was read for the last. */
  eachAnew<T>(events: AsyncIterableIterator<T>): AsyncIterableIterator<T> {
    return {
      [Symbol.asyncIterator]() { return this; },
      next: () => {
        this.renewLoaders();
        return events.next();
      },
      return: async () => (await events.return?.()) ?? { done: true, value: undefined },
    };
  }
}
