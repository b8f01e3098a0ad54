import type { Outbox } from '../ports/outbox';
import type { ListingReader, PlanReader } from '../ports/readers';
import type { SeatStore } from '../ports/seats';
import type { SubscriptionEnding } from '../subscription/subscription-ending';
import type { UnitOfWork } from '../ports/unit-of-work';

/** What the use cases about licences and seats are made of. */
export interface LicenseDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly seats: SeatStore;
  readonly outbox: Outbox;
  readonly ending: Pick<SubscriptionEnding, 'ofLicense'>;
  readonly readers: { readonly listings: ListingReader; readonly plans: PlanReader };
}
