import type { Knex } from 'knex'

/** Whose queue or work a conversation is, and since when its agent has really turned to it (BP-003.3–5). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table conversations
      -- Null: the general queue.
      add column team_id uuid references teams (id),
      add column business_type_id uuid references dictionary_entries (id),
      -- Points it waited with; the order of the queue is in queue_entries.
      add column priority int not null default 0 check (priority between 0 and 100000),
      -- Its agent has read it, answered or taken it himself; null while it is only assigned to him.
      add column accepted_at timestamptz;
    create index conversations_team on conversations (team_id, status) where team_id is not null;
    create index conversations_business_type on conversations (business_type_id) where business_type_id is not null;
    create index conversations_not_accepted on conversations (opened_at, id) where status = 'open' and accepted_at is null;
    -- Whoever has a conversation already had it before there was anything to accept.
    update conversations set accepted_at = coalesce(opened_at, created_at) where assignee_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table conversations drop column accepted_at, drop column priority, drop column business_type_id, drop column team_id;
  `)
}
