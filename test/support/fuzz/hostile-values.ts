import { isEnumType, isInputObjectType, isListType, isNonNullType } from 'graphql';
import type { GraphQLInputObjectType, GraphQLInputType } from 'graphql';
import type { Chance } from './chance';

/** What there is, one's own and foreign. */
export interface Pool {
  /** By table, such as `pricing_plan`. */
  readonly ids: ReadonlyMap<string, readonly string[]>;
  readonly texts: readonly string[];
}

const TEXTS = [
  '', ' ', 'a', 'Observability', '\u0000', 'a\u0000b', '\ud800', '\udfff x', '\u202e right to left', '👩‍👩‍👧‍👦', 'Ａｄｍｉｎ', "'; drop table marketplace.orders; --", '" or ""="', '${7*7}', '{{constructor}}',
  '../../../etc/passwd', '<script>alert(1)</script>', '%00%0a', '%', '_', '\\', '\n\r\t', 'null', 'undefined', '__proto__', 'NaN', '-0', '9'.repeat(400), 'x'.repeat(20_000), '[]', '{"a":1}', 'GE-0000-0000',
];
interface Values { readonly fit: readonly unknown[]; readonly odd: readonly unknown[] }
const SCALARS: Readonly<Record<string, Values>> = {
  Int: { fit: [1, 2, 5, 20, 100], odd: [0, 101, -1, -100, 2_147_483_647, -2_147_483_648] },
  Float: { fit: [0.1, 2], odd: [0, -1.5, 1e308] },
  Boolean: { fit: [true, false], odd: [true] },
  Decimal: { fit: ['1.00', '49.00', '100', '12.34', '0'], odd: ['0.00', '-5.00', '999999999999999', '0.001', '0.000000000000001', '1e3', '', '٣'] },
  CurrencyCode: { fit: ['EUR', 'USD', 'JPY', 'KWD'], odd: ['XXX', 'ZZZ', 'eur', ''] },
  DateTime: { fit: ['2026-03-01T12:30:00Z', '2030-01-01T00:00:00+02:00'], odd: ['0001-01-01T00:00:00Z', '9999-12-31T23:59:59.999Z', '2026-02-30T00:00:00Z', '1900-01-01T00:00:00+14:00', 'now'] },
  Date: { fit: ['2026-03-01', '2026-11-22'], odd: ['0001-01-01', '9999-12-31', '2026-02-30', 'today'] },
  URL: { fit: ['https://example.org/a.png'], odd: ['javascript:alert(1)', 'file:///etc/passwd', 'http://127.0.0.1:1/', 'x', `https://example.org/${'a'.repeat(5_000)}`] },
};
/** Of another type than any that is asked for. */
const MISFITS: readonly unknown[] = [null, {}, [], [[[]]], 1.5, 2 ** 53, true, 'x', { __proto__: null, toString: 1 }];

/** Values for arguments: mostly ones that fit, often hostile ones, seldom ones of another type. */
export class HostileValues {
  constructor(
    private readonly chance: Chance,
    private readonly pool: Pool,
  ) {}

  /** `hint` says in words what is meant, such as `cancelOrder.id`. */
  of(type: GraphQLInputType, hint: string, depth = 0): unknown {
    const { chance } = this;
    if (chance.happens(0.005)) return chance.of(MISFITS);
    if (isNonNullType(type)) return chance.happens(0.005) ? null : this.fitting(type.ofType, hint, depth);
    return chance.happens(0.05) ? null : this.fitting(type, hint, depth);
  }

  private fitting(type: GraphQLInputType, hint: string, depth: number): unknown {
    const { chance } = this;
    if (isNonNullType(type)) return this.fitting(type.ofType, hint, depth);
    if (isListType(type)) return Array.from({ length: chance.happens(0.02) ? 300 : 1 + chance.below(2) }, () => this.of(type.ofType, hint, depth + 1));
    if (isInputObjectType(type)) return this.input(type, hint, depth);
    if (isEnumType(type)) return chance.happens(0.01) ? 'NOPE' : chance.of(type.getValues()).name;
    if (type.name === 'ID') return this.id(hint);
    const known = SCALARS[type.name];
    if (known) return chance.happens(0.92) ? chance.of(known.fit) : chance.of(known.odd);
    return chance.happens(0.3) && this.pool.texts.length > 0 ? chance.of(this.pool.texts) : chance.of(TEXTS);
  }

  /** Mostly of the kind that is asked for, else of any, else none at all. */
  private id(hint: string): string {
    const { chance, pool } = this;
    const said = hint.toLowerCase();
    const meant = [...pool.ids].filter(([table, ids]) => ids.length > 0 && said.includes(table.replaceAll('_', '').replace(/s$/, '')));
    if (chance.happens(0.1)) return chance.of(TEXTS);
    const kinds = meant.length > 0 && chance.happens(0.9) ? meant : [...pool.ids].filter(([, ids]) => ids.length > 0);
    return chance.of(chance.of(kinds)[1]);
  }

  private input(type: GraphQLInputObjectType, hint: string, depth: number): Record<string, unknown> {
    const { chance } = this;
    const input: Record<string, unknown> = {};
    for (const field of Object.values(type.getFields())) {
      const needed = isNonNullType(field.type) && field.defaultValue === undefined;
      if (needed ? chance.happens(0.99) : chance.happens(depth > 3 ? 0 : 0.25)) input[field.name] = this.of(field.type, field.name === 'id' ? hint : field.name, depth + 1);
    }
    return input;
  }
}
