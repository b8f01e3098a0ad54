import { Column, Entity, Index, PrimaryColumn } from 'typeorm';
import type { RefundId, SeatId, TenantId, UserId } from '../src/domain/ids';

/** A seat that goes back with a refund: chosen when it is asked for, and no other one when it settles. */
@Entity({ name: 'refund_seat', schema: 'marketplace' })
@Index('refund_seat_seat', ['seatId'])
export class RefundSeatRow {
  @PrimaryColumn({ name: 'refund_id', type: 'uuid' })
  refundId!: RefundId;

  @PrimaryColumn({ name: 'seat_id', type: 'uuid' })
  seatId!: SeatId;

  @Column({ name: 'tenant_id', type: 'uuid' })
  tenantId!: TenantId;

  @Column({ name: 'buyer_id', type: 'uuid', nullable: true })
  buyerId!: UserId | null;

  /** A start that arrived while the seat was frozen; it counts only if the refund fails. */
  @Column({ name: 'started_at', type: 'timestamptz', nullable: true })
  startedAt!: Date | null;

  @Column({ name: 'enrollment_id', type: 'text', nullable: true })
  enrollmentId!: string | null;
}
