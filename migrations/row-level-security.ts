/**
 * The policies that many tables share, written once. Each migration applies them to its own tables; the whole
 * matrix (table × role × policy) is committed in test/integration/isolation/policy-matrix.ts and checked there
 * against the catalog.
 *
 * Each `(select …)` is evaluated once per statement rather than once per row.
 */
const CALLER_TENANT = '(select marketplace.caller_tenant())';
const CALLER_USER = '(select marketplace.caller_user())';
const has = (role: string): string => `(select marketplace.caller_has('${role}'))`;

export const PLATFORM_ADMIN = has('platform_admin');

/** For an organisation's administrators what is the tenant's, for a platform admin everything. */
export const ADMIN_SIDE = `(tenant_id = ${CALLER_TENANT} and ${has('org_admin')}) or ${PLATFORM_ADMIN}`;

/** A buyer sees what is theirs, an org admin what is the tenant's, a platform admin everything. */
export const BUYER_SIDE = `(tenant_id = ${CALLER_TENANT} and (buyer_id = ${CALLER_USER} or ${has('org_admin')})) or ${has('platform_admin')}`;

/** A provider sees its own tenant's rows, a platform admin everything. */
export const PROVIDER_SIDE = `(provider_tenant_id = ${CALLER_TENANT} and ${has('provider')}) or ${has('platform_admin')}`;

/** Rows about a learner's own seat. */
export const OWN_SEAT = `(tenant_id = ${CALLER_TENANT} and learner_id = ${CALLER_USER})`;

/** Row level security on, for the table's owner too; the worker role works for every tenant. */
export function secure(table: string): string {
  return `
    alter table marketplace.${table} enable row level security;
    alter table marketplace.${table} force row level security;
    create policy worker_all on marketplace.${table} to marketplace_worker using (true) with check (true);
    grant select, insert, update, delete on marketplace.${table} to marketplace_worker;`;
}

type Command = 'select' | 'insert' | 'update' | 'delete';

/** One policy for the API role, together with the privilege that it needs. */
export function allowApi(table: string, command: Command, rule: string): string {
  const clause = command === 'insert' ? `with check (${rule})` : command === 'update' ? `using (${rule}) with check (${rule})` : `using (${rule})`;
  return `
    create policy api_${command} on marketplace.${table} for ${command} to marketplace_api ${clause};
    grant ${command} on marketplace.${table} to marketplace_api;`;
}

/** Another rule in the place of a policy that an earlier migration made; the grant stays. */
export function replaceApi(table: string, command: Command, rule: string): string {
  return `
    drop policy api_${command} on marketplace.${table};${allowApi(table, command, rule)}`;
}
