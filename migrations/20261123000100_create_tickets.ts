import type { Knex } from 'knex'

/** Tickets: what was promised to a customer, or to a colleague, and who keeps it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table ticket_types (
      id uuid primary key,
      name_zh text not null unique check (length(name_zh) between 1 and 60),
      name_en text not null unique check (length(name_en) between 1 and 60),
      description text not null default '' check (length(description) <= 500),
      color text check (color ~ '^#[0-9a-f]{6}$'),
      business_type_id uuid references dictionary_entries (id),
      team_id uuid references teams (id),
      priority text not null default 'normal' check (priority in ('low', 'normal', 'high', 'urgent')),
      -- The form: a list of fields in their order (contract/ticket-type.ts).
      fields jsonb not null default '[]' check (jsonb_typeof(fields) = 'array' and jsonb_array_length(fields) <= 50),
      position int not null,
      -- Customers may choose it on their page.
      open_to_customers boolean not null default false,
      disabled_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      constraint ticket_types_position unique (position) deferrable initially deferred
    );
    create index ticket_types_business on ticket_types (business_type_id);
    create index ticket_types_team on ticket_types (team_id);

    -- The last number given out on a day of the company; the row is locked by whoever takes the next, until his ticket is there.
    create table ticket_days (
      day date primary key,
      last_number int not null check (last_number > 0)
    );

    create table tickets (
      id uuid primary key,
      number text not null unique check (number ~ '^[0-9]{8}-[0-9]{4,}$'),
      title text not null check (length(title) between 1 and 200),
      description text not null default '' check (length(description) <= 20000),
      type_id uuid not null references ticket_types (id),
      priority text not null check (priority in ('low', 'normal', 'high', 'urgent')),
      priority_rank smallint generated always as (case priority when 'urgent' then 1 when 'high' then 2 when 'normal' then 3 else 4 end) stored,
      status text not null check (status in
        ('new', 'unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation', 'resolved', 'closed')),
      status_since timestamptz not null default app_now(),
      team_id uuid references teams (id),
      assignee_id uuid references accounts (id),
      assigned_at timestamptz,
      -- Its assignee has opened it since it was given to him, and since the customer last spoke; null: unread.
      seen_at timestamptz,
      customer_id uuid references customers (id),
      identity_id uuid references customer_identities (id),
      channel_account_id uuid references channel_accounts (id),
      conversation_id uuid references conversations (id),
      source text not null check (source in ('conversation', 'hand', 'customer', 'off_hours', 'api')),
      fields jsonb not null default '{}',
      tags text[] not null default '{}' check (cardinality(tags) <= 20),
      -- The same as the rows of ticket_watchers.
      watcher_ids uuid[] not null default '{}',
      solution text check (length(solution) between 1 and 20000),
      escalation_level int not null default 0 check (escalation_level >= 0),
      reopened_count int not null default 0 check (reopened_count >= 0),
      urges int not null default 0 check (urges >= 0),
      last_urged_at timestamptz,
      merged_into uuid references tickets (id),
      -- Kept by the clocks.
      next_due_at timestamptz,
      next_due_clock text check (next_due_clock in ('first_response', 'next_response', 'resolution')),
      sla_state text check (sla_state in ('running', 'paused', 'fulfilled', 'breached')),
      breached boolean not null default false,
      first_replied_at timestamptz,
      resolved_at timestamptz,
      closed_at timestamptz,
      close_reason text check (length(close_reason) <= 500),
      created_by uuid references accounts (id),
      -- The same request sent twice makes one ticket.
      client_key text,
      request_digest bytea,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      last_activity_at timestamptz not null default app_now(),
      check (merged_into <> id),
      check ((status = 'closed') = (closed_at is not null)),
      check (status <> 'in_progress' or assignee_id is not null),
      check (status not in ('new', 'unassigned') or assignee_id is null),
      check ((assignee_id is null) = (assigned_at is null)),
      check ((client_key is null) = (request_digest is null))
    ) with (fillfactor = 80);
    create unique index tickets_client_key on tickets (created_by, client_key) where client_key is not null;
    create index tickets_type on tickets (type_id);
    create index tickets_team on tickets (team_id, last_activity_at desc, id desc);
    create index tickets_assignee on tickets (assignee_id, last_activity_at desc, id desc);
    create index tickets_customer on tickets (customer_id, created_at desc, id desc);
    create index tickets_identity on tickets (identity_id, created_at desc);
    create index tickets_channel_account on tickets (channel_account_id);
    create index tickets_conversation on tickets (conversation_id, created_at desc);
    create index tickets_creator on tickets (created_by, last_activity_at desc, id desc);
    create index tickets_merged_into on tickets (merged_into) where merged_into is not null;
    create index tickets_watchers on tickets using gin (watcher_ids);
    create index tickets_tags on tickets using gin (tags);
    create index tickets_status on tickets (status, last_activity_at desc, id desc);
    create index tickets_active on tickets (last_activity_at desc, id desc);
    create index tickets_made on tickets (created_at desc, id desc);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table tickets; drop table ticket_days; drop table ticket_types;`)
}
