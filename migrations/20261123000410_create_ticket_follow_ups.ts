import type { Knex } from 'knex'

/** What is noted while a ticket is worked on (BP-006.5), with its files, and what is left to be ticked off. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table ticket_follow_ups (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      visibility text not null check (visibility in ('internal', 'customer')),
      author_kind text not null check (author_kind in ('staff', 'customer')),
      account_id uuid references accounts (id),
      identity_id uuid references customer_identities (id),
      body text not null check (length(body) between 1 and 10000),
      -- Colleagues as they were called then: a list of {id, name}.
      mentions jsonb not null default '[]',
      -- The message in his channel; without one, why there is none.
      message_id uuid references messages (id),
      page_only text check (page_only in ('no_conversation', 'reply_window_closed', 'reply_quota_spent', 'part_not_supported', 'switched_off')),
      client_key text not null,
      request_digest bytea not null,
      created_at timestamptz not null default app_now(),
      unique (ticket_id, client_key),
      check ((author_kind = 'staff') = (account_id is not null)),
      check ((author_kind = 'customer') = (identity_id is not null)),
      check (author_kind = 'staff' or visibility = 'customer'),
      check (message_id is null or page_only is null)
    );
    create index ticket_follow_ups_ticket on ticket_follow_ups (ticket_id, created_at desc, id desc);
    create index ticket_follow_ups_account on ticket_follow_ups (account_id) where account_id is not null;
    create index ticket_follow_ups_identity on ticket_follow_ups (identity_id) where identity_id is not null;
    create index ticket_follow_ups_message on ticket_follow_ups (message_id) where message_id is not null;

    -- A file of a ticket may have come with a follow-up; who may read that may read the file.
    alter table ticket_files add column follow_up_id uuid references ticket_follow_ups (id);
    create index ticket_files_follow_up on ticket_files (follow_up_id) where follow_up_id is not null;

    create table ticket_checklist_items (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      body text not null check (length(body) between 1 and 200),
      position int not null,
      done_at timestamptz,
      done_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      check ((done_at is null) = (done_by is null)),
      constraint ticket_checklist_position unique (ticket_id, position) deferrable initially deferred
    );
    create index ticket_checklist_done_by on ticket_checklist_items (done_by) where done_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table ticket_checklist_items;
    alter table ticket_files drop column follow_up_id;
    drop table ticket_follow_ups;
  `)
}
