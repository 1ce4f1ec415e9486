import type { Knex } from 'knex'

/** A person, and the edges by which channels know him. One edge value belongs to one customer per account. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table customers (
      id uuid primary key,
      name text,
      remark_name text check (length(remark_name) between 1 and 60),
      avatar_url text,
      locale text,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );

    create table customer_identities (
      id uuid primary key,
      -- Deferred: a batch claims the edge first, so that of two racing batches one creates the customer.
      customer_id uuid not null references customers (id) deferrable initially deferred,
      channel_account_id uuid references channel_accounts (id),
      kind text not null,
      value text not null check (length(value) between 1 and 256),
      subscribed boolean,
      profile jsonb not null default '{}',
      profile_fetched_at timestamptz,
      profile_retry_at timestamptz,
      -- How he last came (QR scene, menu): the next conversation starts with it.
      pending_source jsonb,
      first_seen_at timestamptz not null default app_now(),
      last_seen_at timestamptz not null default app_now()
    );
    create unique index customer_identities_edge on customer_identities (channel_account_id, kind, value) nulls not distinct;
    create index customer_identities_unprofiled on customer_identities (first_seen_at desc) where profile_fetched_at is null;
    create index customer_identities_customer on customer_identities (customer_id);

    create table customer_tokens (
      id uuid primary key,
      identity_id uuid not null references customer_identities (id),
      token_digest bytea not null unique,
      created_at timestamptz not null default app_now(),
      expires_at timestamptz not null,
      revoked_at timestamptz
    );
    create index customer_tokens_identity on customer_tokens (identity_id);
    create index customer_tokens_expiry on customer_tokens (expires_at);

    alter table attachments add constraint attachments_identity_id_fkey foreign key (identity_id) references customer_identities (id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table attachments drop constraint attachments_identity_id_fkey;
    drop table customer_tokens; drop table customer_identities; drop table customers;
  `)
}
