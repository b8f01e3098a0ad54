import type { QueryResultRow } from 'pg';
import type { Page, PageRequest } from '../../application/ports/page';
import type { Tx } from '../../application/ports/unit-of-work';
import { inside } from './transaction';

/** Gathers conditions with their values; an absent value adds nothing. */
export class Conditions {
  private readonly parts: string[] = [];

  /** @param values shared with the conditions that these become part of */
  constructor(readonly values: unknown[] = []) {}

  /** `sql` takes the placeholder of the value, for example `(p) => `status = any (${p})``. */
  where(value: unknown, sql: (placeholder: string) => string): this {
    if (value !== undefined) this.parts.push(sql(this.placeholder(value)));
    return this;
  }

  also(sql: string | false | undefined): this {
    if (sql) this.parts.push(sql);
    return this;
  }

  placeholder(value: unknown): string {
    return `$${this.values.push(value)}`;
  }

  get sql(): string {
    return this.parts.length > 0 ? this.parts.join(' and ') : 'true';
  }
}

export interface KeysetQuery<Row extends QueryResultRow, Node> {
  readonly columns: string;
  readonly from: string;
  readonly conditions: Conditions;
  /** Column that the page runs along, and its type; ties are broken by id in the same direction. */
  readonly key: { readonly column: string; readonly type: 'timestamptz' | 'uuid'; readonly direction: 'asc' | 'desc' };
  readonly nodeOf: (row: Row) => Node;
  readonly keyOf: (node: Node) => { readonly key: string; readonly id: string };
}

/** One page by keyset: never an offset, so that a deep page costs no more than the first. */
export async function readPage<Row extends QueryResultRow, Node>(tx: Tx, query: KeysetQuery<Row, Node>, { first, after }: PageRequest): Promise<Page<Node>> {
  const { columns, from, conditions, key } = query;
  if (after) {
    const compare = key.direction === 'asc' ? '>' : '<';
    conditions.also(`(${key.column}, id) ${compare} (${conditions.placeholder(after.key)}::${key.type}, ${conditions.placeholder(after.id)}::uuid)`);
  }
  const limit = conditions.placeholder(first + 1);
  const rows = await inside(tx).query<Row>(`select ${columns} from ${from} where ${conditions.sql} order by ${key.column} ${key.direction}, id ${key.direction} limit ${limit}`, conditions.values);
  const nodes = rows.slice(0, first).map(query.nodeOf);
  return { nodes, cursors: nodes.map(query.keyOf), hasNextPage: rows.length > first };
}

export async function countRows(tx: Tx, from: string, conditions: Conditions): Promise<number> {
  const [row] = await inside(tx).query<{ count: bigint }>(`select count(*) from ${from} where ${conditions.sql}`, conditions.values);
  return Number(row?.count ?? 0);
}
