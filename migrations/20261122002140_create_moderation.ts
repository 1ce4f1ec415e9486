import type { Knex } from 'knex'

/** Sensitive words, what is done about each list, and what was found. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table moderation_lists (
      id uuid primary key,
      name text not null check (length(name) between 1 and 40),
      enabled boolean not null default true,
      inbound_action text check (inbound_action in ('block', 'mask', 'notify')),
      outbound_action text check (outbound_action in ('block', 'mask', 'approve', 'notify')),
      version int not null default 1,
      created_by uuid references accounts (id),
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create unique index moderation_lists_name on moderation_lists (lower(name));
    create index moderation_lists_by on moderation_lists (created_by) where created_by is not null;

    create table moderation_words (
      list_id uuid not null references moderation_lists (id) on delete cascade,
      word text not null check (length(word) between 1 and 50),
      -- As it is looked for: half-width, lower case, without what stands between the characters.
      pattern text not null check (length(pattern) between 1 and 50),
      created_at timestamptz not null default app_now(),
      primary key (list_id, pattern)
    );

    -- Grows with every change of words or lists: processes keep what they built for a version.
    create table moderation_state (only_row boolean primary key default true check (only_row), version bigint not null default 1);
    insert into moderation_state default values;

    create table moderation_hits (
      id uuid primary key,
      conversation_id uuid references conversations (id),
      message_id uuid,
      seq int,
      direction text not null check (direction in ('inbound', 'outbound')),
      action text not null check (action in ('block', 'mask', 'approve', 'notify')),
      words text[] not null,
      list_names text[] not null,
      account_id uuid references accounts (id),
      customer_id uuid references customers (id),
      created_at timestamptz not null default app_now()
    );
    create index moderation_hits_recent on moderation_hits (created_at desc, id desc);
    create index moderation_hits_conversation on moderation_hits (conversation_id);
    create index moderation_hits_account on moderation_hits (account_id) where account_id is not null;
    create index moderation_hits_customer on moderation_hits (customer_id) where customer_id is not null;

    create table moderation_approvals (
      message_id uuid primary key references messages (id),
      conversation_id uuid not null references conversations (id),
      author_id uuid not null references accounts (id),
      words text[] not null,
      asked_at timestamptz not null default app_now(),
      decided_at timestamptz,
      decided_by uuid references accounts (id),
      decision text check (decision in ('approved', 'refused', 'withdrawn')),
      note text check (length(note) <= 200),
      check ((decided_at is null) = (decision is null))
    );
    create index moderation_approvals_waiting on moderation_approvals (asked_at, message_id) where decided_at is null;
    create index moderation_approvals_conversation on moderation_approvals (conversation_id);
    create index moderation_approvals_author on moderation_approvals (author_id);
    create index moderation_approvals_decider on moderation_approvals (decided_by) where decided_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table moderation_approvals; drop table moderation_hits; drop table moderation_state; drop table moderation_words; drop table moderation_lists;
  `)
}
