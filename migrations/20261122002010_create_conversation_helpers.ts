import type { Knex } from 'knex'

/** Colleagues who help in a conversation that is somebody else's (BP-004). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table conversation_helpers (
      id uuid primary key,
      conversation_id uuid not null references conversations (id),
      account_id uuid not null references accounts (id),
      may_reply boolean not null,
      invited_by uuid not null references accounts (id),
      invited_at timestamptz not null,
      left_at timestamptz,
      left_reason text check (left_reason in ('left', 'removed', 'closed', 'assigned', 'disabled')),
      check ((left_at is null) = (left_reason is null))
    );
    create unique index conversation_helpers_present on conversation_helpers (conversation_id, account_id) where left_at is null;
    create index conversation_helpers_conversation on conversation_helpers (conversation_id, invited_at);
    create index conversation_helpers_account on conversation_helpers (account_id) where left_at is null;
    create index conversation_helpers_past on conversation_helpers (account_id, left_at);
    create index conversation_helpers_invited_by on conversation_helpers (invited_by);

    -- The same as [{id, mayReply}], null for none: who may see a conversation is asked with every message.
    alter table conversations add column helpers jsonb check (jsonb_typeof(helpers) = 'array' and jsonb_array_length(helpers) > 0);
    create index conversations_helped on conversations using gin (helpers jsonb_path_ops) where helpers is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`alter table conversations drop column helpers; drop table conversation_helpers;`)
}
