import type { Client } from 'pg';
import { DATABASE_ROLES } from '../../../src/infrastructure/postgres/roles';
import { COMMANDS, MATRIX, RULES, type Rule, RUN_AS_OWNER, rulesOf, type TableRules } from './policy-matrix';

/*
 * Both the matrix and the catalog as sorted lines of text, so that their difference can be read. Rules are compared as
 * the database prints them: each rule of the matrix is once made a policy of its own and read back.
 */

/** Partitions, views and foreign tables count: whatever holds rows can show them. */
const RELATIONS = `select oid, relname as name, relkind, relrowsecurity, relforcerowsecurity, relowner, relacl
  from pg_class where relnamespace = 'marketplace'::regnamespace and relkind in ('r', 'p', 'v', 'm', 'f')`;

const CATALOG = `with t as (${RELATIONS})
  select format('%s: row level security %s', name, case when relrowsecurity and relforcerowsecurity then 'forced' when relrowsecurity then 'on, but not for the owner' else 'off' end) as line from t
  union all select format('%s: owned by %s', name, relowner::regrole) from t
  union all select format('%s: %s is granted %s', name, coalesce(nullif(grantee, 0)::regrole::text, 'everybody'), lower(privilege_type))
    from t, aclexplode(relacl) where grantee <> relowner
  union all select format('%s.%s: %s is granted %s', name, attname, grantee::regrole, lower(privilege_type))
    from t join pg_attribute on attrelid = t.oid, aclexplode(attacl) where grantee <> relowner
  union all select format('%s: %s may %s where %s, writing %s', name, array_to_string(roles, ', '), lower(cmd), coalesce(qual, 'anything'), coalesce(with_check, 'nothing more')) ||
      case permissive when 'PERMISSIVE' then '' else ', restrictively' end
    from t join pg_policies on schemaname = 'marketplace' and tablename = name`;

interface PolicyLine { readonly role: string; readonly command: string; readonly rule: Rule }

function policiesOf(rules: TableRules): PolicyLine[] {
  if (rules.kind === 'open') return [];
  const everyRow = (role: string, command = 'all') => ({ role, command, rule: 'every row' as const });
  return [
    ...(rules.worker === 'every row' ? [everyRow('marketplace_worker')] : []),
    ...(rules.owner === 'no row' ? [] : [everyRow('marketplace_owner', rules.owner === 'every row' ? 'all' : 'select')]),
    ...Object.entries(rules.api).map(([command, rule]) => ({ role: 'marketplace_api', command, rule })),
  ];
}

function clauseOf({ command, rule }: PolicyLine): string {
  const using = `using (${RULES[rule]})`;
  const check = `with check (${RULES[rule]})`;
  switch (command) {
    case 'insert': return check;
    case 'all': case 'update': return `${using} ${check}`;
    default: return using;
  }
}

async function policyLines(client: Client, table: string, policies: readonly PolicyLine[]): Promise<string[]> {
  const lines: string[] = [];
  for (const policy of policies) {
    await client.query('savepoint probe');
    await client.query(`create policy as_the_matrix_says on marketplace.${table} for ${policy.command} to ${policy.role} ${clauseOf(policy)}`);
    const { rows: [printed] } = await client.query<{ qual: string | null; with_check: string | null }>(
      `select qual, with_check from pg_policies where schemaname = 'marketplace' and tablename = $1 and policyname = 'as_the_matrix_says'`, [table]);
    lines.push(`${table}: ${policy.role} may ${policy.command} where ${printed?.qual ?? 'anything'}, writing ${printed?.with_check ?? 'nothing more'}`);
    await client.query('rollback to probe');
  }
  return lines;
}

function grantLines(table: string, rules: TableRules): string[] {
  const api = rules.kind === 'open' ? rules.api : COMMANDS.filter((command) => command in rules.api);
  const worker = rules.kind === 'open' ? rules.worker : rules.worker === 'every row' ? COMMANDS : [];
  return [
    ...api.map((command) => `${table}: marketplace_api is granted ${command}`),
    ...worker.map((command) => `${table}: marketplace_worker is granted ${command}`),
  ];
}

async function linesOfMatrix(client: Client, present: ReadonlySet<string>): Promise<string[]> {
  const lines: string[] = [];
  for (const table of new Set([...present, ...Object.keys(MATRIX).filter((name) => name !== 'outbox_YYYYMMDD')])) {
    const rules = rulesOf(table);
    if (!rules) continue;
    lines.push(`${table}: row level security ${rules.kind === 'open' ? 'off' : 'forced'}`, `${table}: owned by marketplace_owner`, ...grantLines(table, rules));
    if (present.has(table)) lines.push(...await policyLines(client, table, policiesOf(rules)));
  }
  return lines;
}

export interface Difference {
  /** Tables, views and partitions that the matrix does not have. */
  readonly unlisted: readonly string[];
  readonly onlyInCatalog: readonly string[];
  readonly onlyInMatrix: readonly string[];
}

/** What the catalog and the matrix do not agree on. In an open transaction of a superuser, which is left as it was. */
export async function compareWithMatrix(client: Client): Promise<Difference> {
  const present = new Set((await client.query<{ name: string }>(RELATIONS)).rows.map((row) => row.name));
  const catalog = (await client.query<{ line: string }>(CATALOG)).rows.map((row) => row.line);
  const matrix = await linesOfMatrix(client, present);
  return {
    unlisted: [...present].filter((table) => !rulesOf(table)).sort(),
    onlyInCatalog: without(catalog, matrix),
    onlyInMatrix: without(matrix, catalog),
  };
}

/** As bags, so that two equal policies where one is meant are a difference too. */
function without(lines: readonly string[], others: readonly string[]): string[] {
  const left = [...others];
  return lines.filter((line) => {
    const at = left.indexOf(line);
    if (at >= 0) left.splice(at, 1);
    return at < 0;
  }).sort();
}

const ATTRIBUTES = `select format('%s has %s', rolname, attribute) as line from pg_roles,
    lateral (values ('superuser', rolsuper), ('bypassrls', rolbypassrls), ('login', rolcanlogin), ('createrole', rolcreaterole), ('createdb', rolcreatedb),
      ('replication', rolreplication)) a (attribute, held)
    where rolname = any ($1) and held
  union all select format('%s may act as %s', member::regrole, roleid::regrole) from pg_auth_members where member::regrole::text = any ($1)
  union all select format('%s may create objects in the schema', role) from unnest(array['marketplace_api', 'marketplace_worker']) role
    where has_schema_privilege(role, 'marketplace', 'create')
  union all select format('everybody may %s the schema', lower(privilege_type)) from pg_namespace, aclexplode(nspacl) where nspname = 'marketplace' and grantee = 0`;

/** Without a search_path of its own such a function finds what its caller puts in the way. */
const FUNCTIONS = `select format('%s runs as its owner for %s%s', oid::regprocedure, callers,
      case when exists (select 1 from unnest(proconfig) setting where setting = 'search_path=marketplace, pg_temp') then '' else ', by the caller''s search_path' end) as line
  from pg_proc, lateral (select string_agg(coalesce(nullif(grantee, 0)::regrole::text, 'everybody'), ', ') as callers
    from aclexplode(coalesce(proacl, acldefault('f', proowner))) where grantee <> proowner) a
  where pronamespace = 'marketplace'::regnamespace and prosecdef`;

/** Every way past the policies that the matrix does not know: attributes, memberships, functions with their owner's rights. */
export async function waysPastThePolicies(client: Client): Promise<string[]> {
  const known = Object.entries(RUN_AS_OWNER).map(([name, callers]) => `${name} runs as its owner for ${callers}`);
  const attributes = await client.query<{ line: string }>(ATTRIBUTES, [DATABASE_ROLES]);
  const functions = await client.query<{ line: string }>(FUNCTIONS);
  return [...attributes.rows, ...functions.rows].map((row) => row.line).filter((line) => !known.includes(line)).sort();
}
