import type { Knex } from 'knex'

/** Counts and boards of tickets are answered by indexes alone, by whatever mark of a ticket they are asked for. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- What is open is never merged away: the index of what is open need not ask.
    alter table tickets add constraint tickets_merged_closed check (merged_into is null or status = 'closed');
    drop index tickets_open;
    create index tickets_open on tickets (status, priority_rank, status_since, id)
      include (breached, team_id, assignee_id, type_id, assigned_at, created_at, escalation_level, urges, created_by, channel_account_id, source)
      where status in ('new', 'unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation');

    drop index tickets_type;
    create index tickets_type on tickets (type_id, status);
    drop index tickets_channel_account;
    create index tickets_channel_account on tickets (channel_account_id, status);
    create index tickets_source on tickets (source, status);
    create index tickets_breached on tickets (status) where breached;
    drop index tickets_marked;
    create index tickets_marked on tickets (status, escalation_level, urges) where escalation_level > 0 or urges > 0;

    -- It takes as long as reading hundreds of rows: never asked of a row that could be found by its index.
    alter function ticket_title_keys(text) cost 2000;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter function ticket_title_keys(text) cost 100;
    drop index tickets_marked;
    create index tickets_marked on tickets (escalation_level, urges) where escalation_level > 0 or urges > 0;
    drop index tickets_breached; drop index tickets_source;
    drop index tickets_channel_account;
    create index tickets_channel_account on tickets (channel_account_id);
    drop index tickets_type;
    create index tickets_type on tickets (type_id);
    drop index tickets_open;
    create index tickets_open on tickets (status, priority_rank, status_since, id)
      include (priority, team_id, assignee_id, type_id, assigned_at, created_at, breached)
      where merged_into is null and status in ('new', 'unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation');
    alter table tickets drop constraint tickets_merged_closed;
  `)
}
