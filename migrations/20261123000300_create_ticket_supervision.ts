import type { Knex } from 'knex'

/** What supervising tickets takes: macros, merging and splitting, how many may be where on the board, links to exports. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table ticket_macros (
      id uuid primary key,
      name text not null check (length(name) between 1 and 60),
      description text not null default '' check (length(description) <= 300),
      -- Null: for everybody.
      team_id uuid references teams (id),
      -- Actions in their order (contract/ticket-action.ts).
      actions jsonb not null check (jsonb_typeof(actions) = 'array' and jsonb_array_length(actions) between 1 and 10),
      enabled boolean not null default true,
      position int not null,
      uses int not null default 0 check (uses >= 0),
      created_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      constraint ticket_macros_name unique nulls not distinct (team_id, name),
      constraint ticket_macros_position unique (position) deferrable initially deferred
    );
    create index ticket_macros_created_by on ticket_macros (created_by);

    -- Merging closes from_id and points it to into_id; splitting makes into_id of from_id.
    create table ticket_links (
      id uuid primary key,
      kind text not null check (kind in ('merge', 'split')),
      from_id uuid not null references tickets (id),
      into_id uuid not null references tickets (id),
      -- What undoing puts back: status and holder of what was merged away.
      from_status text,
      from_assignee_id uuid references accounts (id),
      -- Follow-ups that went with what was split off.
      follow_up_ids uuid[] not null default '{}',
      linked_by uuid not null references accounts (id),
      linked_at timestamptz not null,
      undone_at timestamptz,
      undone_by uuid references accounts (id),
      check (from_id <> into_id),
      check ((undone_at is null) = (undone_by is null)),
      check ((kind = 'merge') = (from_status is not null))
    );
    create unique index ticket_links_merged_once on ticket_links (from_id) where kind = 'merge' and undone_at is null;
    create unique index ticket_links_split_once on ticket_links (into_id) where kind = 'split';
    create index ticket_links_from on ticket_links (from_id, linked_at desc);
    create index ticket_links_into on ticket_links (into_id, linked_at desc);
    create index ticket_links_linked_by on ticket_links (linked_by);
    create index ticket_links_undone_by on ticket_links (undone_by) where undone_by is not null;
    create index ticket_links_holder on ticket_links (from_assignee_id) where from_assignee_id is not null;

    create table ticket_wip_limits (
      -- Null: of the whole house.
      team_id uuid references teams (id),
      status text not null check (status in ('unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation')),
      max int not null check (max between 1 and 100000),
      constraint ticket_wip_limits_once unique nulls not distinct (team_id, status)
    );
    -- One row: whoever changes the limits compares its version; whoever moves a card into a limited column locks it.
    create table ticket_wip_revision (
      "only" boolean primary key default true check ("only"),
      version int not null default 0
    );
    insert into ticket_wip_revision default values;

    create table ticket_exports (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      request jsonb not null,
      created_at timestamptz not null,
      expires_at timestamptz not null
    );
    create index ticket_exports_account on ticket_exports (account_id);
    create index ticket_exports_expiry on ticket_exports (expires_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table ticket_exports; drop table ticket_wip_revision; drop table ticket_wip_limits; drop table ticket_links; drop table ticket_macros;
  `)
}
