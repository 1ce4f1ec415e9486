import type { Knex } from 'knex'

/** What an agent puts aside, keeps in sight, and wants to be reminded of. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table conversations
      -- Counts while its agent is who put it aside; until null: until the customer writes.
      add column snoozed_by uuid references accounts (id),
      add column snoozed_until timestamptz,
      add constraint conversations_snooze check (snoozed_until is null or snoozed_by is not null);
    create index conversations_snoozed on conversations (snoozed_by, snoozed_until) where snoozed_by is not null;

    create table conversation_pins (
      account_id uuid not null references accounts (id),
      conversation_id uuid not null references conversations (id),
      pinned_at timestamptz not null default app_now(),
      primary key (account_id, conversation_id)
    );
    create index conversation_pins_conversation on conversation_pins (conversation_id);

    create table conversation_reminders (
      id uuid primary key,
      conversation_id uuid not null references conversations (id),
      account_id uuid not null references accounts (id),
      due_at timestamptz not null,
      text text not null check (length(text) between 1 and 200),
      client_key text not null,
      created_at timestamptz not null default app_now(),
      reminded_at timestamptz,
      cancelled_at timestamptz,
      check (reminded_at is null or cancelled_at is null)
    );
    create unique index conversation_reminders_key on conversation_reminders (account_id, client_key);
    create index conversation_reminders_conversation on conversation_reminders (conversation_id, account_id);
    create index conversation_reminders_account on conversation_reminders (account_id, due_at, id) where cancelled_at is null;
    create index conversation_reminders_due on conversation_reminders (due_at) where reminded_at is null and cancelled_at is null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table conversation_reminders; drop table conversation_pins;
    alter table conversations drop constraint conversations_snooze, drop column snoozed_by, drop column snoozed_until;
  `)
}
