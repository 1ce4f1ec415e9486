import type { Knex } from 'knex'

/** Conversations passed on from one agent to another, or to a team (BP-004.6). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table conversation_transfers (
      id uuid primary key,
      conversation_id uuid not null references conversations (id),
      state text not null check (state in ('offered', 'accepted', 'declined', 'timed_out', 'cancelled')),
      -- Who held it when it was offered; accepting fails when somebody else does by then.
      from_account_id uuid not null references accounts (id),
      offered_by uuid not null references accounts (id),
      to_account_id uuid references accounts (id),
      to_team_id uuid references teams (id),
      -- The words for the next one are a note of the conversation.
      note_seq int,
      offered_at timestamptz not null,
      expires_at timestamptz,
      decided_at timestamptz,
      -- Null: nobody did, the time was over or the matter had changed.
      decided_by uuid references accounts (id),
      reason text,
      version int not null default 1,
      foreign key (conversation_id, note_seq) references messages (conversation_id, seq),
      check ((to_account_id is null) <> (to_team_id is null)),
      check ((state = 'offered') = (decided_at is null)),
      check (state <> 'offered' or (to_account_id is not null and expires_at is not null)),
      check (to_account_id <> from_account_id)
    );
    -- One running offer per conversation, whatever races.
    create unique index conversation_transfers_running on conversation_transfers (conversation_id) where state = 'offered';
    create index conversation_transfers_due on conversation_transfers (expires_at, id) where state = 'offered';
    create index conversation_transfers_asked on conversation_transfers (to_account_id, offered_at desc) where to_account_id is not null;
    create index conversation_transfers_team on conversation_transfers (to_team_id) where to_team_id is not null;
    create index conversation_transfers_history on conversation_transfers (conversation_id, offered_at desc, id desc);
    create index conversation_transfers_note on conversation_transfers (conversation_id, note_seq) where note_seq is not null;
    create index conversation_transfers_from on conversation_transfers (from_account_id);
    create index conversation_transfers_by on conversation_transfers (offered_by);
    create index conversation_transfers_decided_by on conversation_transfers (decided_by) where decided_by is not null;

    -- One row: how long somebody who is asked may think.
    create table transfer_rules (
      only_row boolean primary key default true check (only_row),
      accept_seconds int not null default 60 check (accept_seconds between 10 and 3600),
      version int not null default 1,
      updated_at timestamptz not null default app_now()
    );
    insert into transfer_rules default values;

    -- Who is asked now: he sees the conversation before he decides. Kept with the transfer, so that a message needs no second look.
    alter table conversations add column offered_to uuid references accounts (id);
    create index conversations_offered on conversations (offered_to) where offered_to is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table conversations drop column offered_to;
    drop table transfer_rules; drop table conversation_transfers;
  `)
}
