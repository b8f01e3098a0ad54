import { Check, Column, Entity, PrimaryColumn } from 'typeorm';

/** Shift of business time in milliseconds, in one row: 0 in production, moved by tests. */
@Entity({ name: 'clock_offset', schema: 'marketplace' })
@Check('clock_offset_only_row_check', 'only_row')
export class ClockOffsetRow {
  @PrimaryColumn({ name: 'only_row', type: 'boolean', default: true })
  onlyRow!: boolean;

  @Column({ type: 'bigint', default: 0 })
  ms!: bigint;
}
