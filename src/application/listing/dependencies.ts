import type { Catalog } from '../ports/catalog';
import type { CourseVersions } from '../ports/course-versions';
import type { Listings } from '../ports/listings';
import type { Outbox } from '../ports/outbox';
import type { Plans } from '../ports/plans';
import type { ListingReader, PlanReader } from '../ports/readers';
import type { Tenants } from '../ports/tenants';
import type { UnitOfWork } from '../ports/unit-of-work';

/** What the listing use cases are made of. */
export interface ListingDependencies {
  readonly unitOfWork: UnitOfWork;
  readonly listings: Listings;
  readonly plans: Plans;
  readonly courseVersions: CourseVersions;
  readonly readers: { readonly listings: ListingReader; readonly plans: PlanReader };
  readonly outbox: Outbox;
  readonly catalog: Catalog;
  readonly tenants: Tenants;
  /** `DEFAULT_REFUND_WINDOW_DAYS`: the refund window of a plan that names none, in days. */
  readonly defaultRefundWindowDays: number;
}
