import type { Knex } from 'knex'

/** How we know that an edge is his, and since when it is proven. `customer_identities_edge` keeps a key without an account to one customer. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table customer_identities
      add column evidence jsonb not null default '{}' check (jsonb_typeof(evidence) = 'object'),
      add column verified_at timestamptz,
      add constraint customer_identities_phone check (kind <> 'phone' or (channel_account_id is null and value ~ '^\\+[1-9][0-9]{5,14}$'));
    create index customer_identities_kind on customer_identities (kind, customer_id);
    -- People remember the end of a number.
    create index customer_identities_phone_tail on customer_identities (right(value, 4), customer_id) where kind = 'phone';
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index customer_identities_phone_tail;
    drop index customer_identities_kind;
    alter table customer_identities drop constraint customer_identities_phone, drop column evidence, drop column verified_at;
  `)
}
