import type { CourseId, CourseVersionId, TenantId } from '../../domain/ids';

/** A course version as catalog answers for it. */
export interface CatalogVersion {
  readonly courseVersionId: CourseVersionId;
  readonly courseId: CourseId;
  readonly ownerTenantId: TenantId;
  readonly title: string;
  readonly published: boolean;
}

export interface Catalog {
  /**
   * Asks catalog for a version whose event has not arrived yet; null: there is none.
   * @throws NeighbourUnavailable
   */
  findVersion(courseId: CourseId, courseVersionId: CourseVersionId): Promise<CatalogVersion | null>;
}
