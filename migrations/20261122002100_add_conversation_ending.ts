import type { Knex } from 'knex'

/** How a conversation ends: who ended it, what it was about, and which one it continues. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table conversations
      add column closed_by uuid references accounts (id),
      -- The agent's last answer: what the idle rule counts from.
      add column answered_at timestamptz,
      add column idle_warned_at timestamptz,
      -- A closed conversation stays closed; the one that goes on says which it continues.
      add column continues_id uuid references conversations (id),
      add column wrap_category_id uuid references dictionary_entries (id),
      add column wrap_result text check (wrap_result in ('resolved', 'unresolved', 'follow_up', 'invalid')),
      add column wrap_summary text check (length(wrap_summary) <= 2000),
      add column wrapped_at timestamptz,
      add column wrapped_by uuid references accounts (id);
    create index conversations_closed_by on conversations (closed_by) where closed_by is not null;
    -- Which one goes on with it?
    create index conversations_continues on conversations (continues_id) where continues_id is not null;
    create index conversations_wrap_category on conversations (wrap_category_id) where wrap_category_id is not null;
    create index conversations_wrapped_by on conversations (wrapped_by) where wrapped_by is not null;
    create index conversations_closed_of on conversations (assignee_id, closed_at desc, id desc) where status = 'closed';

    create table conversation_tags (
      conversation_id uuid not null references conversations (id),
      tag_id uuid not null references customer_tags (id) on delete cascade,
      primary key (conversation_id, tag_id)
    );
    create index conversation_tags_tag on conversation_tags (tag_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table conversation_tags;
    drop index conversations_closed_of;
    alter table conversations
      drop column closed_by, drop column answered_at, drop column idle_warned_at, drop column continues_id, drop column wrap_category_id,
      drop column wrap_result, drop column wrap_summary, drop column wrapped_at, drop column wrapped_by;
  `)
}
