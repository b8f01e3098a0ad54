import { Client } from 'pg';
import type { DataSource } from 'typeorm';
import { v7 } from 'uuid';
import { type AuthenticatedUser, type Role, WORKER } from '../../src/application/actor';
import { takeInCatalogEvents } from '../../src/application/consumers/catalog-events';
import { takeInContentEvents } from '../../src/application/consumers/content-events';
import { listingUseCases, type ListingUseCases } from '../../src/application/listing';
import type { Catalog, CatalogVersion } from '../../src/application/ports/catalog';
import { NeighbourUnavailable } from '../../src/application/ports/neighbour-unavailable';
import type { KycStatus, Tenants } from '../../src/application/ports/tenants';
import type { UnitOfWork } from '../../src/application/ports/unit-of-work';
import type { CourseId, CourseVersionId, TenantId, UserId } from '../../src/domain/ids';
import { createEventCodec } from '../../src/infrastructure/nats/envelope';
import { PostgresCourseVersions } from '../../src/infrastructure/postgres/course-version-repository';
import { createDataSource } from '../../src/infrastructure/postgres/data-source';
import { PostgresListingReader } from '../../src/infrastructure/postgres/listing-reader';
import { PostgresListings } from '../../src/infrastructure/postgres/listing-repository';
import { PostgresOutbox } from '../../src/infrastructure/postgres/outbox';
import { PostgresPlanReader } from '../../src/infrastructure/postgres/plan-reader';
import { PostgresPlans } from '../../src/infrastructure/postgres/plan-repository';
import { PostgresUnitOfWork } from '../../src/infrastructure/postgres/unit-of-work';
import { createTestDatabase } from './database';

/** Listings and plans on a database of their own; catalog and tenant-service are played in memory. */
export interface ListingWorld {
  readonly useCases: ListingUseCases;
  readonly unitOfWork: UnitOfWork;
  readonly listings: PostgresListingReader;
  readonly plans: PostgresPlanReader;
  readonly neighbours: PlayedNeighbours;
  /** Takes in that catalog published the version and content built its package. */
  courseVersion(owner: TenantId, told?: { readonly published?: boolean; readonly built?: boolean }): Promise<CourseVersionNames>;
  /** Types of the events stored about an aggregate, in their order, with their data. */
  eventsOf(aggregateId: string): Promise<{ readonly type: string; readonly data: Record<string, unknown> }[]>;
  /** Past row level security, as the superuser. */
  sql(text: string, values?: readonly unknown[]): Promise<Record<string, unknown>[]>;
  close(): Promise<void>;
}
export interface CourseVersionNames {
  readonly courseId: CourseId;
  readonly courseVersionId: CourseVersionId;
}

export class PlayedNeighbours implements Catalog, Tenants {
  readonly versions = new Map<string, CatalogVersion>();
  readonly kyc = new Map<TenantId, KycStatus>();
  down = false;
  asked = 0;

  async findVersion(courseId: CourseId, courseVersionId: CourseVersionId): Promise<CatalogVersion | null> {
    this.answer('catalog-service');
    const version = this.versions.get(courseVersionId);
    return version?.courseId === courseId ? version : null;
  }
  async kycStatus(tenantId: TenantId): Promise<KycStatus | null> {
    this.answer('tenant-service');
    return this.kyc.get(tenantId) ?? 'verified';
  }
  private answer(name: string): void {
    this.asked++;
    if (this.down) throw new NeighbourUnavailable(name, 'is switched off');
  }
}

export function aUser(...roles: Role[]): AuthenticatedUser {
  return { kind: 'user', userId: v7() as UserId, tenantId: v7() as TenantId, roles: new Set(roles), expiresAtSeconds: Number.MAX_SAFE_INTEGER };
}

export async function openListingWorld(): Promise<ListingWorld> {
  const database = await createTestDatabase();
  const api = await createDataSource({ url: database.url, role: 'marketplace_api', poolSize: 8 }).initialize();
  const worker = await createDataSource({ url: database.url, role: 'marketplace_worker', poolSize: 2 }).initialize();
  const superuser = new Client({ connectionString: database.url });
  await superuser.connect();
  const unitOfWork = new PostgresUnitOfWork(api, worker);
  const neighbours = new PlayedNeighbours();
  const courseVersions = new PostgresCourseVersions();
  const readers = { listings: new PostgresListingReader(), plans: new PostgresPlanReader() };
  const outbox = new PostgresOutbox(createEventCodec(), () => undefined);
  const sql = async (text: string, values: readonly unknown[] = []) => (await superuser.query<Record<string, unknown>>(text, [...values])).rows;
  return {
    useCases: listingUseCases({
      unitOfWork, listings: new PostgresListings(), plans: new PostgresPlans(), courseVersions, readers, outbox,
      catalog: neighbours, tenants: neighbours, defaultRefundWindowDays: 14,
    }),
    unitOfWork, neighbours, sql,
    listings: readers.listings,
    plans: readers.plans,
    courseVersion: async (owner, { published = true, built = true } = {}) => {
      const names = { courseId: v7() as CourseId, courseVersionId: v7() as CourseVersionId };
      await unitOfWork.run(WORKER, async (tx) => {
        if (published) await takeInCatalogEvents({ courseVersions })(tx, [publishedEvent(names, owner)]);
        if (built) await takeInContentEvents({ courseVersions })(tx, [builtEvent(names)]);
      }, { commit: 'consume.catalog' });
      return names;
    },
    eventsOf: async (aggregateId) =>
      (await sql('select type, data from marketplace.outbox where aggregate_id = $1 order by aggregate_version', [aggregateId])) as never,
    close: () => closeAll([api, worker], superuser, () => database.drop()),
  };
}

async function closeAll(sources: readonly DataSource[], superuser: Client, drop: () => Promise<void>): Promise<void> {
  for (const source of sources) await source.destroy();
  await superuser.end();
  await drop();
}

const TOLD_AT = '2026-01-05T09:00:00.000Z';

export function publishedEvent({ courseId, courseVersionId }: CourseVersionNames, ownerTenantId: string, title = 'Knots', time = TOLD_AT) {
  return {
    specversion: '1.0', id: v7(), type: 'catalog.course_version.published.v1', source: '/catalog-service', subject: courseVersionId,
    time, tenantid: ownerTenantId, data: { courseId, courseVersionId, ownerTenantId, title },
  } as const;
}

export function builtEvent({ courseVersionId }: Pick<CourseVersionNames, 'courseVersionId'>, format = 'SCORM_2004', time = TOLD_AT) {
  return {
    specversion: '1.0', id: v7(), type: 'content.play_package.built.v1', source: '/content-service', subject: courseVersionId,
    time, tenantid: v7(), data: { courseVersionId, playPackageId: `package-${format}`, format },
  } as const;
}
