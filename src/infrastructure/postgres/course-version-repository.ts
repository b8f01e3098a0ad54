import type { CatalogVersion } from '../../application/ports/catalog';
import type { CourseVersions, PackageBuild, Publication } from '../../application/ports/course-versions';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

/**
 * The read model of course versions, fed set-based. Within a batch and against what is stored the later fact of a
 * version wins; rows are written in the order of their ids, so that two replicas never wait for each other in a ring.
 */
export class PostgresCourseVersions implements CourseVersions {
  async published(tx: Tx, publications: readonly Publication[]): Promise<void> {
    if (publications.length > 0) await inside(tx).prepared('course-versions-published', PUBLISHED, [JSON.stringify(publications)]);
  }

  async built(tx: Tx, builds: readonly PackageBuild[]): Promise<void> {
    if (builds.length > 0) await inside(tx).prepared('course-versions-built', BUILT, [JSON.stringify(builds)]);
  }

  async remember(tx: Tx, { courseVersionId, courseId, ownerTenantId, title, published }: CatalogVersion): Promise<void> {
    await inside(tx).query(REMEMBER, [courseVersionId, courseId, ownerTenantId, title, published ? tx.now : null]);
  }
}

const PUBLISHED = `
  insert into marketplace.course_version as known (course_version_id, course_id, owner_tenant_id, title, published_at)
  select distinct on (fact."courseVersionId") fact."courseVersionId", fact."courseId", fact."ownerTenantId", fact.title, fact.at
  from jsonb_to_recordset($1::jsonb) as fact ("courseVersionId" uuid, "courseId" uuid, "ownerTenantId" uuid, title text, at timestamptz)
  order by fact."courseVersionId", fact.at desc
  on conflict (course_version_id) do update
    set course_id = excluded.course_id, owner_tenant_id = excluded.owner_tenant_id, title = excluded.title, published_at = excluded.published_at
    where known.published_at is null or known.published_at <= excluded.published_at`;

const BUILT = `
  insert into marketplace.course_version as known (course_version_id, play_package_id, package_format, built_at)
  select distinct on (fact."courseVersionId") fact."courseVersionId", fact."playPackageId", fact.format, fact.at
  from jsonb_to_recordset($1::jsonb) as fact ("courseVersionId" uuid, "playPackageId" text, format text, at timestamptz)
  order by fact."courseVersionId", fact.at desc
  on conflict (course_version_id) do update
    set play_package_id = excluded.play_package_id, package_format = excluded.package_format, built_at = excluded.built_at
    where known.built_at is null or known.built_at <= excluded.built_at`;

const REMEMBER = `
  insert into marketplace.course_version as known (course_version_id, course_id, owner_tenant_id, title, published_at)
  values ($1, $2, $3, $4, $5)
  on conflict (course_version_id) do update
    set course_id = coalesce(known.course_id, excluded.course_id),
        owner_tenant_id = coalesce(known.owner_tenant_id, excluded.owner_tenant_id),
        title = coalesce(known.title, excluded.title),
        published_at = coalesce(known.published_at, excluded.published_at)`;
