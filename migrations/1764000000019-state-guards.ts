import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The tables of transitions that the database did not hold yet: of refunds, of coupons' uses, of sagas. */
export class StateGuards1764000000019 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    for (const sql of [
      guarded({ table: 'refund', column: 'status', edges: [['REQUESTED', 'SUCCEEDED'], ['REQUESTED', 'FAILED'], ['FAILED', 'SUCCEEDED']] }),
      guarded({ table: 'coupon_redemption', column: 'state', edges: [['RESERVED', 'REDEEMED'], ['RESERVED', 'RELEASED'], ['REDEEMED', 'RELEASED']] }),
      guarded({ table: 'saga', column: 'state', edges: SAGA }),
    ]) await queryRunner.query(sql);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

type Edge = readonly [from: string, to: string];

const SAGA: readonly Edge[] = [
  ...['WAITING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK'].map((to): Edge => ['RUNNING', to]),
  ...['RUNNING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'STUCK'].map((to): Edge => ['WAITING', to]),
  ['COMPENSATING', 'COMPENSATED'], ['COMPENSATING', 'STUCK'],
  ...['RUNNING', 'WAITING', 'COMPENSATING', 'COMPLETED', 'COMPENSATED', 'RESOLVED'].map((to): Edge => ['STUCK', to]),
  ['COMPLETED', 'COMPENSATING'], ['COMPLETED', 'COMPENSATED'], ['COMPENSATED', 'COMPENSATING'],
];

interface Guarded {
  readonly table: string;
  readonly column: 'status' | 'state';
  readonly edges: readonly Edge[];
}

function guarded({ table, column, edges }: Guarded): string {
  return `
    create function marketplace.check_${table}_${column}() returns trigger language plpgsql as $$
    begin
      if not ((old.${column}, new.${column}) in (${edges.map(([from, to]) => `('${from}', '${to}')`).join(', ')})) then
        raise exception '${table}: % → % is no legal transition', old.${column}, new.${column} using errcode = 'check_violation';
      end if;
      return new;
    end $$;
    create trigger ${table}_${column}_guard before update of ${column} on marketplace.${table} for each row
      when (old.${column} is distinct from new.${column}) execute function marketplace.check_${table}_${column}();`;
}
