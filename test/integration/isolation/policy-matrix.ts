/**
 * Who may do what with which rows: table × role × command. Committed to be read and reviewed; policy-matrix.spec.ts
 * compares it with the catalog of a migrated database, both ways, so a new table, policy or grant that is not
 * written here fails. The rules are written out once more on purpose, not imported from the migrations.
 * Why it is so: docs/adr/0004-row-level-security.md.
 */
export const COMMANDS = ['select', 'insert', 'update', 'delete'] as const;
export type Command = (typeof COMMANDS)[number];

const CALLER_TENANT = '(select marketplace.caller_tenant())';
const CALLER_USER = '(select marketplace.caller_user())';
const PLATFORM_ADMIN = `(select marketplace.caller_has('platform_admin'))`;

const BUYER = `(tenant_id = ${CALLER_TENANT} and (buyer_id = ${CALLER_USER} or (select marketplace.caller_has('org_admin')))) or ${PLATFORM_ADMIN}`;
const ADMIN = `(tenant_id = ${CALLER_TENANT} and (select marketplace.caller_has('org_admin'))) or ${PLATFORM_ADMIN}`;
const PROVIDER = `(provider_tenant_id = ${CALLER_TENANT} and (select marketplace.caller_has('provider'))) or ${PLATFORM_ADMIN}`;
const OWN_SEAT = `(tenant_id = ${CALLER_TENANT} and learner_id = ${CALLER_USER})`;

export const RULES = {
  'every row': 'true',
  platform_admin: PLATFORM_ADMIN,
  'buyer of the row, org_admin of its tenant, platform_admin': BUYER,
  'buyer of the row, org_admin of its tenant, platform_admin, its learner': `${BUYER} or ${OWN_SEAT}`,
  'buyer of the row, org_admin of its tenant, platform_admin, learners on its seats': `${BUYER} or exists (select 1 from marketplace.seat s where s.license_id = license.id and s.state <> 'REVOKED' and s.learner_id = ${CALLER_USER})`,
  'the caller as its buyer': `${CALLER_TENANT} = tenant_id and ${CALLER_USER} = buyer_id`,
  'tenant of the caller, platform_admin; an earning by the buyer of its free, fulfilled order': `tenant_id = ${CALLER_TENANT} or ${PLATFORM_ADMIN}
    or (type = 'marketplace.earning.accrued.v1' and exists (select 1 from marketplace.orders o where o.id = correlation_id
      and o.tenant_id = ${CALLER_TENANT} and o.buyer_id = ${CALLER_USER} and o.total_minor = 0 and o.status = 'FULFILLED'))`,
  'the caller as the buyer of its order, which is PLACED': `exists (select 1 from marketplace.orders o where o.id = order_id
    and o.tenant_id = ${CALLER_TENANT} and o.buyer_id = ${CALLER_USER} and o.status = 'PLACED')`,
  'the caller as the buyer of its order, which is free and FULFILLED': `exists (select 1 from marketplace.orders o where o.id = order_id
    and o.tenant_id = ${CALLER_TENANT} and o.buyer_id = ${CALLER_USER} and o.total_minor = 0 and o.status = 'FULFILLED')`,
  'org_admin of its tenant, platform_admin': ADMIN,
  'the caller as its buyer, on an order of theirs that is free and at LICENSING; platform_admin for a GRANT': `(tenant_id = ${CALLER_TENANT} and buyer_id = ${CALLER_USER}
    and exists (select 1 from marketplace.orders o where o.id = order_id and o.total_minor = 0 and o.status = 'LICENSING')) or (${PLATFORM_ADMIN} and source = 'GRANT')`,
  'the caller as its buyer, on an order of theirs that is free and at LICENSING; org_admin of its tenant, platform_admin': `(tenant_id = ${CALLER_TENANT} and buyer_id = ${CALLER_USER}
    and exists (select 1 from marketplace.orders o where o.id = order_id and o.total_minor = 0 and o.status = 'LICENSING')) or ${ADMIN}`,
  'provider of its tenant, platform_admin': PROVIDER,
  'LIVE, or of the provider, or on an order or a licence that the caller sees': `status = 'LIVE' or ${PROVIDER} or marketplace.holds_of_listing(id)`,
  'of a listing that the caller sees': 'exists (select 1 from marketplace.listing l where l.id = listing_id)',
  'of a plan that the caller sees': 'exists (select 1 from marketplace.pricing_plan p where p.id = plan_id)',
} as const;
export type Rule = keyof typeof RULES;

interface Secured {
  /**
   * tenant: rows belong to a tenant, named by `tenantColumn`; shared: of no tenant, and callers may see them;
   * internal: the service's own, no caller ever sees them.
   */
  readonly kind: 'tenant' | 'shared' | 'internal';
  /** Rows of another tenant that everybody may see, as SQL; everything else of another tenant is a leak. */
  readonly publicRows?: string;
  readonly tenantColumn?: 'tenant_id' | 'provider_tenant_id';
  /** marketplace_api: what GraphQL runs as, in the caller's name. A command that is not named is not granted. */
  readonly api: Partial<Record<Command, Rule>>;
  /** marketplace_worker: consumers, timers, relay. One policy and the grants for all four commands, or nothing. */
  readonly worker: 'every row' | 'no row';
  /** marketplace_owner: owns the tables for migrations. Without a policy FORCE keeps even the owner from every row. */
  readonly owner: 'no row' | 'reads every row' | 'every row';
}

/** Not secured, and why that is right. */
interface Open {
  readonly kind: 'open';
  readonly because: string;
  readonly api: readonly Command[];
  readonly worker: readonly Command[];
}
export type TableRules = Secured | Open;

const SERVED = { worker: 'every row', owner: 'no row' } as const;
const OF_BUYER = { kind: 'tenant', tenantColumn: 'tenant_id', ...SERVED } as const;
const OF_PROVIDER = { kind: 'tenant', tenantColumn: 'provider_tenant_id', ...SERVED } as const;
const buyerSide = 'buyer of the row, org_admin of its tenant, platform_admin';
const fulfilledFree = 'the caller as the buyer of its order, which is free and FULFILLED';
const adminSide = 'org_admin of its tenant, platform_admin';
const providerSide = 'provider of its tenant, platform_admin';

const LISTING_ON_SALE = `exists (select 1 from marketplace.listing l where l.status = 'LIVE' and l.id = listing_id)`;
const PLAN_ON_SALE = `exists (select 1 from marketplace.pricing_plan p join marketplace.listing l on l.id = p.listing_id where l.status = 'LIVE' and p.id = plan_id)`;

export const MATRIX: Readonly<Record<string, TableRules>> = {
  /** The owner reads it to search what is live (`search_live_listings`). */
  listing: { ...OF_PROVIDER, publicRows: `status = 'LIVE'`, api: { select: 'LIVE, or of the provider, or on an order or a licence that the caller sees', insert: providerSide, update: providerSide }, owner: 'reads every row' },
  listing_transition: { ...OF_PROVIDER, api: { select: providerSide, insert: providerSide } },
  pricing_plan: { ...OF_PROVIDER, publicRows: LISTING_ON_SALE, api: { select: 'of a listing that the caller sees', insert: providerSide, update: providerSide } },
  pricing_plan_revision: { ...OF_PROVIDER, publicRows: PLAN_ON_SALE, api: { select: 'of a plan that the caller sees', insert: providerSide } },
  pricing_plan_price: { ...OF_PROVIDER, publicRows: PLAN_ON_SALE, api: { select: 'of a plan that the caller sees', insert: providerSide } },

  orders: { ...OF_BUYER, api: { select: buyerSide, insert: 'the caller as its buyer', update: buyerSide } },
  order_line: { ...OF_BUYER, api: { select: buyerSide, insert: 'the caller as its buyer' } },
  order_transition: { ...OF_BUYER, api: { select: buyerSide, insert: buyerSide } },
  course_claim: { ...OF_BUYER, api: { select: 'buyer of the row, org_admin of its tenant, platform_admin, its learner', insert: buyerSide, delete: adminSide } },
  /** A platform coupon is nobody's; the owner's functions count its uses. */
  coupon: { ...OF_PROVIDER, api: { select: providerSide, insert: providerSide, update: providerSide }, owner: 'every row' },
  coupon_redemption: { ...OF_BUYER, api: {}, owner: 'every row' },
  coupon_tenant_use: { ...OF_BUYER, api: {}, owner: 'every row' },
  coupon_buyer_use: { ...OF_BUYER, api: {}, owner: 'every row' },
  purchase_spend: { ...OF_BUYER, api: {}, owner: 'every row' },
  payment: { ...OF_BUYER, api: { select: buyerSide } },
  refund: { ...OF_BUYER, api: { select: buyerSide } },
  refund_line: { ...OF_BUYER, api: { select: buyerSide } },
  refund_seat: { ...OF_BUYER, api: { select: buyerSide } },

  /** The owner writes on it what becomes of its order. */
  provider_sale: { ...OF_PROVIDER, api: { select: providerSide, insert: 'the caller as the buyer of its order, which is PLACED' }, owner: 'every row' },
  /** The owner adds every entry up at commit. */
  journal_entry: { ...OF_PROVIDER, api: { select: providerSide, insert: fulfilledFree }, owner: 'reads every row' },
  journal_posting: { kind: 'internal', ...SERVED, api: { insert: fulfilledFree }, owner: 'reads every row' },

  /** Written by the service alone, which follows what Stripe says. */
  payout: { ...OF_PROVIDER, api: { select: providerSide } },
  payout_source: { ...OF_PROVIDER, api: { select: providerSide } },
  payout_entry: { ...OF_PROVIDER, api: { select: providerSide } },
  payout_account: { ...OF_PROVIDER, api: { select: providerSide } },
  payout_batch: { kind: 'internal', ...SERVED, api: {} },

  license: { ...OF_BUYER, api: { select: 'buyer of the row, org_admin of its tenant, platform_admin, learners on its seats', insert: 'the caller as its buyer, on an order of theirs that is free and at LICENSING; platform_admin for a GRANT', update: adminSide } },
  seat: { ...OF_BUYER, api: { select: 'buyer of the row, org_admin of its tenant, platform_admin, its learner', insert: 'the caller as its buyer, on an order of theirs that is free and at LICENSING; org_admin of its tenant, platform_admin', update: adminSide } },
  former_assignment: { ...OF_BUYER, api: { insert: adminSide } },

  subscription: { ...OF_BUYER, api: { select: buyerSide, update: adminSide } },
  subscription_period: { ...OF_BUYER, api: { select: buyerSide } },
  subscription_trial: { ...OF_BUYER, api: { select: buyerSide, insert: 'the caller as its buyer' } },

  saga: { ...OF_BUYER, api: { select: buyerSide, insert: buyerSide, update: buyerSide } },
  saga_transition: { ...OF_BUYER, api: { select: buyerSide, insert: buyerSide } },

  /** The owner reads it to know which days may be dropped. */
  outbox: { ...OF_BUYER, api: { insert: 'tenant of the caller, platform_admin; an earning by the buyer of its free, fulfilled order' }, owner: 'reads every row' },
  /** Partitions are reached through `outbox` only, whose policies then decide. */
  outbox_default: { ...OF_BUYER, api: {}, worker: 'no row' },
  /** Stands for every day's partition. */
  outbox_YYYYMMDD: { ...OF_BUYER, api: {}, worker: 'no row' },

  /** Public like a shop's window. */
  storefront: { kind: 'tenant', tenantColumn: 'tenant_id', ...SERVED, publicRows: 'true', api: { select: 'every row', insert: adminSide, update: adminSide } },
  storefront_listing: { kind: 'tenant', tenantColumn: 'tenant_id', ...SERVED, publicRows: 'true', api: { select: 'every row', insert: adminSide, delete: adminSide } },

  course_version: { kind: 'shared', ...SERVED, api: { select: 'every row' } },
  /** Ids and counts only; every unit of work that appends an event counts here. */
  aggregate_version: { kind: 'shared', ...SERVED, api: { select: 'every row', insert: 'every row', update: 'every row' } },

  inbox: { kind: 'internal', ...SERVED, api: {} },
  event_try: { kind: 'internal', ...SERVED, api: {} },
  dead_letter: { kind: 'internal', ...SERVED, api: { select: 'platform_admin' } },
  operator_action: { kind: 'internal', ...SERVED, api: {} },
  /** Names a person until they are forgotten or answered. */
  subject_request: { ...OF_BUYER, api: {} },
  replica: { kind: 'internal', ...SERVED, api: {} },
  /** The owner seeds the shards when it migrates. */
  outbox_lease: { kind: 'internal', ...SERVED, api: {}, owner: 'every row' },

  clock_offset: { kind: 'open', because: 'one row about time, of nobody; only the owner writes it', api: ['select'], worker: ['select'] },
  schema_migration: { kind: 'open', because: 'names of migrations; every replica compares them with its own', api: ['select'], worker: ['select'] },
};

/** The rules of one table, view or partition; undefined: the matrix lacks it. */
export function rulesOf(table: string): TableRules | undefined {
  return MATRIX[table.replace(/^outbox_\d{8}$/, 'outbox_YYYYMMDD')];
}

/** Functions that run with their owner's rights, each with who may call it. All others run with their caller's. */
export const RUN_AS_OWNER: Readonly<Record<string, string>> = {
  'marketplace.maintain_outbox(interval,integer)': 'marketplace_worker',
  /** Triggers: nobody calls them. */
  'marketplace.check_balanced()': '',
  'marketplace.follow_order()': '',
  'marketplace.coupon_by_code(text)': 'marketplace_api',
  'marketplace.reserve_coupon(uuid,uuid,bigint,text,boolean)': 'marketplace_api',
  'marketplace.spent_in_month(text)': 'marketplace_api',
  'marketplace.reserve_spend(uuid,text,bigint,bigint)': 'marketplace_api',
  'marketplace.search_live_listings(text,integer)': 'marketplace_api',
};
