import type { Role } from '../sandbox-client';
import type { World } from '../world';
import type { Pool } from './hostile-values';

export interface Persona {
  readonly name: string;
  readonly roles: readonly Role[];
  /** Empty for somebody without a token. */
  readonly sub: string;
  readonly tid: string;
  readonly token: string | undefined;
}

/** An object with an id that somebody was shown. */
export interface Sighting {
  readonly persona: Persona;
  readonly typename: string;
  readonly id: string;
}

/** Shown to everybody, or mere references that hold nothing but the id. */
const PUBLIC = new Set(['Listing', 'PricingPlan', 'Course', 'Tenant', 'User', 'Payment', 'TaxRecord', 'Enrollment', 'Storefront']);
/** For platform administrators alone. */
const FOR_OPERATORS = new Set(['Saga', 'DeadLetter']);
/** The buyer's side of a sale: its provider must never see it. */
const BUYER_SIDE = new Set(['Order', 'OrderLine', 'License', 'Seat', 'Refund', 'SubscriptionContract']);

export function sightingsIn(persona: Persona, value: unknown): Sighting[] {
  if (Array.isArray(value)) return value.flatMap((entry) => sightingsIn(persona, entry));
  if (typeof value !== 'object' || value === null) return [];
  const { __typename: typename, id } = value as { readonly __typename?: unknown; readonly id?: unknown };
  const here = typeof typename === 'string' && typeof id === 'string' && !PUBLIC.has(typename) ? [{ persona, typename, id }] : [];
  return [...here, ...Object.values(value).flatMap((entry) => sightingsIn(persona, entry))];
}

interface Owner { readonly tenants: ReadonlySet<string>; readonly buyer: string | null; readonly holders: ReadonlySet<string> }

/** What was shown to somebody whose it is not; the database says whose it is, whatever table it stands in. */
export async function foreignAmong(world: World, sightings: readonly Sighting[]): Promise<Sighting[]> {
  const owners = await ownersOf(world, [...new Set(sightings.map(({ id }) => id))]);
  return sightings.filter((sighting) => isForeign(sighting, owners.get(sighting.id)));
}

function isForeign({ persona, typename }: Sighting, owner: Owner | undefined): boolean {
  if (persona.roles.includes('platform_admin')) return false;
  if (FOR_OPERATORS.has(typename) || !owner || !owner.tenants.has(persona.tid)) return true;
  if (!BUYER_SIDE.has(typename) || persona.roles.includes('org_admin')) return false;
  return owner.buyer !== persona.sub && !owner.holders.has(persona.sub);
}

async function ownersOf(world: World, ids: readonly string[]): Promise<Map<string, Owner>> {
  const owners = new Map<string, { tenants: Set<string>; buyer: string | null; holders: Set<string> }>();
  for (const { table, columns } of await tablesWithOwners(world)) {
    const column = (name: string): string => (columns.has(name) ? `${name}::text` : 'null');
    const rows = await world.sql<{ id: string; tenant: string | null; provider: string | null; buyer: string | null; learner: string | null }>(
      `select id::text, ${column('tenant_id')} as tenant, ${column('provider_tenant_id')} as provider, ${column('buyer_id')} as buyer, ${column('learner_id')} as learner from marketplace."${table}" where id::text = any ($1)`, [ids]);
    for (const { id, tenant, provider, buyer, learner } of rows) {
      const owner = owners.get(id) ?? { tenants: new Set<string>(), buyer: null, holders: new Set<string>() };
      for (const owning of [tenant, provider]) if (owning !== null) owner.tenants.add(owning);
      if (learner !== null) owner.holders.add(learner);
      owners.set(id, { ...owner, buyer: buyer ?? owner.buyer });
    }
  }
  for (const { id, learner } of await world.sql<{ id: string; learner: string }>(`select license_id::text as id, learner_id::text as learner from marketplace.seat where learner_id is not null`)) owners.get(id)?.holders.add(learner);
  return owners;
}

async function tablesWithOwners(world: World): Promise<{ table: string; columns: ReadonlySet<string> }[]> {
  const rows = await world.sql<{ table: string; columns: string[] }>(`select table_name as table, array_agg(column_name::text) as columns
    from information_schema.columns where table_schema = 'marketplace' group by table_name`);
  return rows.map(({ table, columns }) => ({ table, columns: new Set(columns) })).filter(({ columns }) => columns.has('id') && (columns.has('tenant_id') || columns.has('provider_tenant_id')));
}

/** Ids and texts that there are, of whoever: what a hostile caller might know. */
export async function poolOf(world: World): Promise<Pool> {
  const tables = [...(await tablesWithOwners(world)).map(({ table }) => table), 'saga', 'pricing_plan'].sort();
  const ids = await Promise.all(tables.map(async (table) => [table, (await world.sql<{ id: string }>(`select id::text from marketplace."${table}" order by id limit 40`)).map(({ id }) => id)] as const));
  const codes = await world.sql<{ code: string }>('select code from marketplace.coupon order by id limit 20');
  return { ids: new Map(ids), texts: codes.map(({ code }) => code) };
}
