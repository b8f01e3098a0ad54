import { Column, Entity, PrimaryColumn } from 'typeorm';
import type { PackageFormat } from '../src/domain/listing/listing';

/** Read model: what catalog and content have said of a version, in whichever order. */
@Entity({ name: 'course_version', schema: 'marketplace' })
export class CourseVersionRow {
  @PrimaryColumn({ name: 'course_version_id', type: 'uuid' })
  courseVersionId!: string;

  @Column({ name: 'course_id', type: 'uuid', nullable: true })
  courseId!: string | null;

  @Column({ name: 'owner_tenant_id', type: 'uuid', nullable: true })
  ownerTenantId!: string | null;

  @Column({ name: 'title', type: 'text', nullable: true })
  title!: string | null;

  @Column({ name: 'published_at', type: 'timestamptz', nullable: true })
  publishedAt!: Date | null;

  @Column({ name: 'play_package_id', type: 'text', nullable: true })
  playPackageId!: string | null;

  @Column({ name: 'package_format', type: 'text', nullable: true })
  packageFormat!: PackageFormat | null;

  @Column({ name: 'built_at', type: 'timestamptz', nullable: true })
  builtAt!: Date | null;
}
