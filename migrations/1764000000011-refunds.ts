import type { MigrationInterface, QueryRunner } from 'typeorm';
import { allowApi, BUYER_SIDE, secure } from './row-level-security';

/** Refunds after fulfilment: what each gives back of which line, and the very seats that go back with it. */
export class Refunds1764000000011 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REFUND);
    await queryRunner.query(SEATS);
    await queryRunner.query(['refund_line', 'refund_seat'].map((table) => `${secure(table)} ${allowApi(table, 'select', BUYER_SIDE)}`).join(''));
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

const REFUND = `
  alter table marketplace.refund drop constraint refund_kind_check;
  alter table marketplace.refund add constraint refund_kind_check check (kind in ('COMPENSATION', 'UNASKED', 'POLICY', 'OPERATOR'));
  alter table marketplace.refund add excess_minor bigint not null default 0 constraint refund_excess_minor_check check (excess_minor >= 0);
  alter table marketplace.refund drop constraint refund_amount_minor_check;
  alter table marketplace.refund add constraint refund_amount_minor_check check (amount_minor >= 0 and amount_minor + excess_minor > 0);
  alter table marketplace.refund add constraint refund_of_tenant unique (id, tenant_id);
  create unique index refund_open on marketplace.refund (order_id) where status = 'REQUESTED' and kind in ('POLICY', 'OPERATOR');
  comment on column marketplace.refund.excess_minor is 'What billing gave back beyond what it took, which no line can bear; minor units.';

  create table marketplace.refund_line (
    refund_id uuid not null,
    line_id uuid not null references marketplace.order_line,
    tenant_id uuid not null,
    buyer_id uuid,
    amount_minor bigint not null check (amount_minor > 0),
    primary key (refund_id, line_id),
    foreign key (refund_id, tenant_id) references marketplace.refund (id, tenant_id)
  );
  create index refund_line_line on marketplace.refund_line (line_id);
`;

const SEATS = `
  create table marketplace.refund_seat (
    refund_id uuid not null,
    seat_id uuid not null references marketplace.seat,
    tenant_id uuid not null,
    buyer_id uuid,
    started_at timestamptz,
    enrollment_id text,
    primary key (refund_id, seat_id),
    foreign key (refund_id, tenant_id) references marketplace.refund (id, tenant_id)
  );
  create index refund_seat_seat on marketplace.refund_seat (seat_id);
  comment on column marketplace.refund_seat.started_at is 'A start that arrived while the seat was frozen; it counts only if the refund fails.';

  alter table marketplace.seat add frozen_by uuid constraint seat_frozen_by_fkey references marketplace.refund;
  create index seat_frozen on marketplace.seat (frozen_by) where frozen_by is not null;
  comment on column marketplace.seat.frozen_by is 'The open refund that takes the seat back: nobody is assigned to it, and a start is only recorded.';
`;
