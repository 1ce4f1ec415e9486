import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table conversations (
      id uuid primary key,
      kind text not null default 'direct' check (kind in ('direct', 'stream')),
      status text not null check (status in ('queued', 'open', 'closed')),
      customer_id uuid not null references customers (id),
      identity_id uuid not null references customer_identities (id),
      channel_account_id uuid not null references channel_accounts (id),
      assignee_id uuid references accounts (id),
      source jsonb,
      last_seq int not null default 0 check (last_seq >= 0),
      last_message jsonb,
      last_message_at timestamptz,
      waiting_since timestamptz,
      queued_at timestamptz,
      opened_at timestamptz,
      closed_at timestamptz,
      close_reason text,
      staff_read_seq int not null default 0,
      customer_read_seq int not null default 0,
      -- Customer messages after staff_read_seq; reset by reading.
      unread int not null default 0 check (unread >= 0),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (status <> 'open' or assignee_id is not null),
      check (status <> 'queued' or assignee_id is null),
      check ((status = 'closed') = (closed_at is not null)),
      check (staff_read_seq <= last_seq and customer_read_seq <= last_seq)
    ) with (fillfactor = 70);
    -- One open conversation per identity, whatever races.
    create unique index conversations_one_open on conversations (identity_id) where kind = 'direct' and status <> 'closed';
    create index conversations_identity on conversations (identity_id, created_at desc);
    create index conversations_customer on conversations (customer_id, created_at desc, id desc);
    create index conversations_assignee on conversations (assignee_id, status) where status <> 'closed';
    create index conversations_queue on conversations (queued_at, id) where status = 'queued';
    create index conversations_closed on conversations (closed_at desc, id desc) where status = 'closed';
    create index conversations_channel on conversations (channel_account_id);

    create table messages (
      conversation_id uuid not null references conversations (id),
      seq int not null check (seq > 0),
      id uuid not null unique,
      direction text not null check (direction in ('inbound', 'outbound', 'note', 'system')),
      author_kind text not null check (author_kind in ('customer', 'agent', 'system', 'bot')),
      author_id uuid,
      parts jsonb not null,
      delivery_state text check (delivery_state in ('pending', 'sent', 'delivered', 'read', 'held', 'unknown', 'failed')),
      delivery_reason text,
      delivery_platform_code text,
      client_key text,
      -- Of the request under client_key: the same key with other content is refused.
      request_digest bytea,
      inbound_event_id uuid unique references inbound_events (id),
      recalled_at timestamptz,
      occurred_at timestamptz not null,
      created_at timestamptz not null default app_now(),
      version int not null default 1,
      primary key (conversation_id, seq),
      check ((direction = 'outbound') = (delivery_state is not null))
    );
    create unique index messages_client_key on messages (conversation_id, client_key) where client_key is not null;

    create table drafts (
      conversation_id uuid not null references conversations (id),
      account_id uuid not null references accounts (id),
      text text not null,
      updated_at timestamptz not null default app_now(),
      primary key (conversation_id, account_id)
    );
    create index drafts_account on drafts (account_id);

    alter table attachments add constraint attachments_conversation_id_fkey foreign key (conversation_id) references conversations (id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table attachments drop constraint attachments_conversation_id_fkey;
    drop table drafts; drop table messages; drop table conversations;
  `)
}
