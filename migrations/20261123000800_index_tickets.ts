import type { Knex } from 'knex'

/**
 * Lists, boards and counts over a million tickets. Each order has an index that begins with the status: lists of one state are a stretch of it, others
 * merge the stretches of several states, so that what is open is never looked for among what ended long ago.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- Beginnings of numbers are found by the unique index, whatever the database's own collation.
    alter table tickets alter column number type text collate "C";

    -- What a title is found by: every pair of characters that follow each other, and the last one, of which a search compares the beginning.
    create function ticket_title_keys(title text) returns tsvector language sql immutable parallel safe as $$
      select array_to_tsvector(array(
        select substr(lower(title), place, 2) from generate_series(1, length(title)) place where substr(lower(title), place, 2) <> ''))
    $$;
    create function ticket_title_query(words text) returns tsquery language sql immutable parallel safe as $$
      select string_agg('''' || replace(replace(pair, '\\', '\\\\'), '''', '''''') || '''' || kind, ' & ')::tsquery from (
        select substr(lower(words), place, 2) as pair, case when length(words) = 1 then ':*' else '' end as kind
        from generate_series(1, greatest(1, length(words) - 1)) place) pairs
    $$;
    -- A short list of what is not sorted in yet: each search reads it through.
    create index tickets_title on tickets using gin (ticket_title_keys(title)) with (gin_pending_list_limit = 512);

    drop index tickets_active;
    drop index tickets_made;
    create index tickets_status_made on tickets (status, created_at desc, id desc);
    create index tickets_status_priority on tickets (status, priority_rank, id);
    create index tickets_status_since on tickets (status, status_since, id);

    drop index tickets_team;
    drop index tickets_assignee;
    create index tickets_team on tickets (team_id, status, last_activity_at desc, id desc);
    create index tickets_assignee on tickets (assignee_id, status, last_activity_at desc, id desc);
    -- All that boards and ageing ask about what is open, so that they read nothing else: kept visible by cleaning up more often.
    create index tickets_open on tickets (status, priority_rank, status_since, id)
      include (priority, team_id, assignee_id, type_id, assigned_at, created_at, breached)
      where merged_into is null and status in ('new', 'unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation');
    alter table tickets set (autovacuum_vacuum_scale_factor = 0.01, autovacuum_vacuum_insert_scale_factor = 0.02);
    create index tickets_pool on tickets (team_id, status) where assignee_id is null;
    create index tickets_marked on tickets (escalation_level, urges) where escalation_level > 0 or urges > 0;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table tickets reset (autovacuum_vacuum_scale_factor, autovacuum_vacuum_insert_scale_factor);
    drop index tickets_marked; drop index tickets_pool; drop index tickets_open;
    drop index tickets_team; drop index tickets_assignee;
    create index tickets_team on tickets (team_id, last_activity_at desc, id desc);
    create index tickets_assignee on tickets (assignee_id, last_activity_at desc, id desc);
    drop index tickets_status_made; drop index tickets_status_priority; drop index tickets_status_since;
    create index tickets_active on tickets (last_activity_at desc, id desc);
    create index tickets_made on tickets (created_at desc, id desc);
    drop index tickets_title; drop function ticket_title_query(text); drop function ticket_title_keys(text);
    alter table tickets alter column number type text collate "default";
  `)
}
