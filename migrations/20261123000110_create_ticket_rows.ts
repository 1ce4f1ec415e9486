import type { Knex } from 'knex'

/** What hangs on a ticket: its history, its files, the messages it came from, who watches it, how it stands to others; templates and drafts. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table ticket_events (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      kind text not null check (kind ~ '^[a-z_]{2,40}$'),
      actor_kind text not null check (actor_kind in ('staff', 'customer', 'system')),
      -- An account for staff, a customer for customers.
      actor_id uuid,
      before jsonb,
      after jsonb,
      params jsonb not null default '{}',
      -- The ticket's after this change.
      version int not null,
      created_at timestamptz not null default app_now(),
      check ((actor_kind = 'system') = (actor_id is null))
    );
    create index ticket_events_ticket on ticket_events (ticket_id, id desc);

    create table ticket_files (
      ticket_id uuid not null references tickets (id),
      attachment_id uuid not null references attachments (id),
      -- The file of the conversation that it is a copy of.
      origin_id uuid references attachments (id) on delete set null,
      added_by uuid references accounts (id),
      created_at timestamptz not null default app_now(),
      primary key (ticket_id, attachment_id)
    );
    create index ticket_files_attachment on ticket_files (attachment_id);
    create index ticket_files_origin on ticket_files (origin_id) where origin_id is not null;
    create index ticket_files_added_by on ticket_files (added_by);

    create table ticket_messages (
      ticket_id uuid not null references tickets (id),
      conversation_id uuid not null,
      seq int not null,
      primary key (ticket_id, conversation_id, seq),
      foreign key (conversation_id, seq) references messages (conversation_id, seq)
    );
    create index ticket_messages_message on ticket_messages (conversation_id, seq);

    create table ticket_watchers (
      ticket_id uuid not null references tickets (id),
      account_id uuid not null references accounts (id),
      added_by uuid references accounts (id),
      created_at timestamptz not null default app_now(),
      primary key (ticket_id, account_id)
    );
    create index ticket_watchers_account on ticket_watchers (account_id);
    create index ticket_watchers_added_by on ticket_watchers (added_by);

    -- Read as "ticket_id {kind} other_id": is a duplicate of, is the parent of, blocks.
    create table ticket_relations (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      other_id uuid not null references tickets (id),
      kind text not null check (kind in ('duplicate', 'parent', 'blocks')),
      created_by uuid references accounts (id),
      created_at timestamptz not null default app_now(),
      check (ticket_id <> other_id),
      unique (ticket_id, other_id, kind)
    );
    create unique index ticket_relations_one_parent on ticket_relations (other_id) where kind = 'parent';
    create index ticket_relations_other on ticket_relations (other_id);
    create index ticket_relations_created_by on ticket_relations (created_by);

    create table ticket_templates (
      id uuid primary key,
      name text not null check (length(name) between 1 and 60),
      -- Null: for everybody.
      team_id uuid references teams (id),
      type_id uuid not null references ticket_types (id),
      content jsonb not null,
      disabled_at timestamptz,
      created_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      constraint ticket_templates_name unique nulls not distinct (team_id, name)
    );
    create index ticket_templates_type on ticket_templates (type_id);
    create index ticket_templates_created_by on ticket_templates (created_by);

    create table ticket_drafts (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      conversation_id uuid references conversations (id),
      content jsonb not null,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create index ticket_drafts_account on ticket_drafts (account_id, updated_at desc, id desc);
    create index ticket_drafts_conversation on ticket_drafts (conversation_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table ticket_drafts; drop table ticket_templates; drop table ticket_relations; drop table ticket_watchers; drop table ticket_messages;
    drop table ticket_files; drop table ticket_events;
  `)
}
