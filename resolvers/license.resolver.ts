import { Arg, Ctx, FieldResolver, ID, Int, Query, Resolver, Root } from 'type-graphql';
import type { LicenseFilter as Filter, SeatFilter } from '../src/application/ports/readers';
import type { License, Seat, SeatState as SeatStateValue, SeatUsage } from '../src/domain/license/license';
import type { Listing } from '../src/domain/listing/listing';
import type { Order } from '../src/domain/order/order';
import { Authenticated } from './authenticated';
import { filterId, filterOf, loadById } from './ids';
import type { OperationContext } from './operation-context';
import { connection, emptyConnection, pageRequest } from './paging';
import type { ConnectionOf } from './types/connection';
import { CourseType } from './types/course';
import { SeatState } from './types/enums';
import { LicenseConnection, LicenseFilter, LicenseType, SeatConnection, SeatType, SeatUsageType } from './types/license';
import { ListingType } from './types/listing';
import { OrderType } from './types/order';
import { AFTER, firstOf } from './types/page-arguments';
import { EnrollmentType, reference, TenantType, UserType } from './types/references';

interface Reference {
  readonly id: string;
}

@Resolver(() => LicenseType)
export class LicenseResolver {
  @Authenticated()
  @Query(() => LicenseType, { nullable: true, description: 'One licence; null where there is none that the caller may see.' })
  license(@Ctx() { loaders }: OperationContext, @Arg('id', () => ID, { description: 'The licence’s id.' }) id: string): Promise<License | null> {
    return loadById(loaders.license, id);
  }

  @Authenticated()
  @Query(() => LicenseConnection, { nullable: true, description: 'Licences, newest first: those one has bought or has a seat of, for an organisation’s administrators all of the organisation’s, for platform administrators everybody’s.' })
  async licenses(
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(20)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('filter', () => LicenseFilter, { nullable: true, description: 'Which licences; left out: all.' }) input?: LicenseFilter | null,
  ): Promise<ConnectionOf<License>> {
    const page = pageRequest({ first, after }, 20);
    const filter = filterOf<Filter>({ states: input?.states ?? undefined, courseId: filterId(input?.courseId), learnerId: filterId(input?.learnerId) });
    if (filter === null) return emptyConnection(page);
    const { licenses } = context.application.readers;
    const read = await context.read((tx) => licenses.page(tx, filter, page));
    return connection(read, page, () => context.read((tx) => licenses.count(tx, filter)));
  }

  @FieldResolver(() => TenantType, { description: 'The organisation that holds it.' })
  tenant(@Root() { tenantId }: License): Reference {
    return { id: tenantId };
  }

  @FieldResolver(() => CourseType, { description: 'The course that it is for.' })
  course(@Root() { courseId }: License): Reference {
    return { id: courseId };
  }

  @FieldResolver(() => ListingType, { nullable: true, description: 'The listing that it was bought from, as it is today.' })
  listing(@Root() { listingId }: License, @Ctx() { loaders }: OperationContext): Promise<Listing | null> {
    return loaders.listing.load(listingId);
  }

  @FieldResolver(() => OrderType, { nullable: true, description: 'The order that it came with; null where there is none, or none that the caller may see.' })
  async order(@Root() { orderId }: License, @Ctx() { loaders }: OperationContext): Promise<Order | null> {
    return orderId === null ? null : loaders.order.load(orderId);
  }

  @FieldResolver(() => SeatUsageType, { description: 'How its seats are used.' })
  seatUsage(@Root() { id }: License, @Ctx() { loaders }: OperationContext): Promise<SeatUsage | null> {
    return loaders.seatUsage.load(id);
  }

  @FieldResolver(() => SeatConnection, { description: 'Its seats, oldest first: all of them for an organisation’s administrators, for others their own.' })
  async seats(
    @Root() { id }: License,
    @Ctx() context: OperationContext,
    @Arg('first', () => Int, firstOf(50)) first: number | null,
    @Arg('after', () => String, AFTER) after: string | null,
    @Arg('states', () => [SeatState], { nullable: true, description: 'Only seats in one of these states; left out: all.' }) states?: SeatStateValue[] | null,
    @Arg('learnerId', () => ID, { nullable: true, description: 'Only the seat of this learner.' }) learnerId?: string | null,
  ): Promise<ConnectionOf<Seat>> {
    const page = pageRequest({ first, after }, 50, 'id');
    const filter = filterOf<SeatFilter>({ states: states ?? undefined, learnerId: filterId(learnerId) });
    if (filter === null) return emptyConnection(page);
    const { licenses } = context.application.readers;
    const read = await context.read((tx) => licenses.seatPage(tx, id, filter, page));
    return connection(read, page, () => context.read((tx) => licenses.seatCount(tx, id, filter)));
  }
}

@Resolver(() => SeatType)
export class SeatResolver {
  @FieldResolver(() => LicenseType, { description: 'The licence that it belongs to.' })
  license(@Root() { licenseId }: Seat, @Ctx() { loaders }: OperationContext): Promise<License | null> {
    return loaders.license.load(licenseId);
  }

  @FieldResolver(() => UserType, { nullable: true, description: 'Whose it is; null: nobody’s.' })
  learner(@Root() { learnerId }: Seat): Reference | null {
    return reference(learnerId);
  }

  @FieldResolver(() => EnrollmentType, { nullable: true, description: 'The learner’s enrollment; null until there is one.' })
  enrollment(@Root() { enrollmentId }: Seat): Reference | null {
    return reference(enrollmentId);
  }
}
