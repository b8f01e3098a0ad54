import type { PackageFormat } from '../../domain/listing/listing';
import type { CatalogVersion } from './catalog';
import type { Tx } from './unit-of-work';

/** Catalog's word: the version exists for good, and whose it is. */
export interface Publication {
  readonly courseVersionId: string;
  readonly courseId: string;
  readonly ownerTenantId: string;
  readonly title: string;
  readonly at: Date;
}
/** Content's word: the version can be played. */
export interface PackageBuild {
  readonly courseVersionId: string;
  readonly playPackageId: string;
  readonly format: PackageFormat;
  readonly at: Date;
}

/**
 * The read model of course versions. Facts come in any order and more than once: of two about the same version the
 * later one (by event time) stays. Needs a worker's unit of work.
 */
export interface CourseVersions {
  published(tx: Tx, publications: readonly Publication[]): Promise<void>;
  built(tx: Tx, builds: readonly PackageBuild[]): Promise<void>;
  /** What catalog answered before its event arrived; fills gaps, never overwrites. */
  remember(tx: Tx, version: CatalogVersion): Promise<void>;
}
