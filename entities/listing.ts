import { Column, Entity, Index, PrimaryColumn, Unique } from 'typeorm';
import type { Asset, ListingStatus } from '../src/domain/listing/listing';

@Entity({ name: 'listing', schema: 'marketplace' })
@Index('listing_live', ['liveAt', 'id'], { where: `status = 'LIVE'` })
@Index('listing_course', ['courseId'])
@Index('listing_provider', ['providerTenantId', 'createdAt', 'id'])
@Unique('listing_of_provider', ['id', 'providerTenantId'])
export class ListingRow {
  @PrimaryColumn({ type: 'uuid' })
  id!: string;

  @Column({ name: 'provider_tenant_id', type: 'uuid' })
  providerTenantId!: string;

  @Column({ name: 'course_id', type: 'uuid' })
  courseId!: string;

  @Column({ name: 'course_version_id', type: 'uuid' })
  courseVersionId!: string;

  @Column({ type: 'text' })
  title!: string;

  @Column({ type: 'text', nullable: true })
  tagline!: string | null;

  @Column({ type: 'text' })
  description!: string;

  @Column({ name: 'hero_image', type: 'jsonb', nullable: true })
  heroImage!: Asset | null;

  @Column({ type: 'jsonb', default: [] })
  screenshots!: Asset[];

  @Column({ type: 'text', array: true, default: [] })
  tags!: string[];

  @Column({ type: 'text' })
  status!: ListingStatus;

  @Column({ name: 'status_reason', type: 'text', nullable: true })
  statusReason!: string | null;

  @Column({ name: 'suspended_from', type: 'text', nullable: true })
  suspendedFrom!: 'APPROVED' | 'LIVE' | null;

  @Column({ type: 'integer', default: 1 })
  version!: number;

  @Column({ name: 'created_at', type: 'timestamptz' })
  createdAt!: Date;

  @Column({ name: 'updated_at', type: 'timestamptz' })
  updatedAt!: Date;

  @Column({ name: 'live_at', type: 'timestamptz', nullable: true })
  liveAt!: Date | null;
}
