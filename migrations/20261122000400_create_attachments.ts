import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table attachments (
      id uuid primary key,
      kind text not null check (kind in ('image', 'audio', 'video', 'file')),
      name text not null check (length(name) between 1 and 255),
      mime text not null,
      size_bytes bigint not null check (size_bytes > 0),
      sha256 bytea not null,
      width int check (width > 0),
      height int check (height > 0),
      storage_key text not null unique,
      thumbnail_key text unique,
      -- Who brought it: a member of staff, a customer's identity, or the platform (neither).
      account_id uuid references accounts (id),
      identity_id uuid,
      -- Set with the first message that carries it; scope is then the conversation's.
      conversation_id uuid,
      created_at timestamptz not null default app_now()
    );
    create index attachments_account on attachments (account_id);
    create index attachments_identity on attachments (identity_id);
    create index attachments_conversation on attachments (conversation_id);
    create index attachments_orphans on attachments (created_at) where conversation_id is null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table attachments;`)
}
