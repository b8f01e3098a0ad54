import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What browsing needs: being featured, full text, and plans whose revisions nothing overwrites. */
export class Catalogue1764000000007 implements MigrationInterface {
  async up(queryRunner: QueryRunner): Promise<void> {
    await queryRunner.query(REVISIONS);
    await queryRunner.query(LISTING);
    await queryRunner.query(SEARCH);
  }

  async down(): Promise<void> {
    throw new Error('Migrations are append-only: write a further one that takes this back.');
  }
}

/** A revision ends where the next one begins, or with its plan: stored once, so that no row of what was sold is ever updated. */
const REVISIONS = `
  alter table marketplace.pricing_plan_revision drop column valid_until;
  alter table marketplace.pricing_plan add column retired_at timestamptz;
  alter table marketplace.pricing_plan add constraint retired_plan_is_not_sold check (retired_at is null or not active);
`;

const LISTING = `
  create function marketplace.tag_text(tags text[]) returns text language sql immutable as $$ select array_to_string(tags, ' ') $$;
  alter table marketplace.listing add column featured boolean not null default false;
  alter table marketplace.listing add column search tsvector generated always as (
    setweight(to_tsvector('simple', title), 'A') || setweight(to_tsvector('simple', marketplace.tag_text(tags)), 'A') ||
    setweight(to_tsvector('simple', coalesce(tagline, '')), 'B') || setweight(to_tsvector('simple', description), 'C')) stored;
  create index listing_search on marketplace.listing using gin (search) where status = 'LIVE';
`;

/*
 * `@@` is not leakproof: under a policy that has to look at rows, PostgreSQL will not use it with an index, because
 * the operator would see rows before the policy does. So the search runs as the owner, to whom one policy shows every
 * listing (a policy of plain true is no condition at all, and the index is used), and gives out nothing but the ids of
 * what is live, which anybody may see. Rows are then read in the caller's name.
 */
const SEARCH = `
  create policy owner_reads on marketplace.listing for select to marketplace_owner using (true);
  create function marketplace.search_live_listings(query text, at_most integer) returns table (id uuid)
    language sql stable security definer set search_path = marketplace, pg_temp as $$
      select l.id from marketplace.listing l, websearch_to_tsquery('simple', query) as wanted
      where l.status = 'LIVE' and l.search @@ wanted
      order by ts_rank(l.search, wanted) desc, l.live_at desc, l.id desc
      limit at_most
  $$;
  revoke all on function marketplace.search_live_listings(text, integer) from public;
  grant execute on function marketplace.search_live_listings(text, integer) to marketplace_api;
`;
