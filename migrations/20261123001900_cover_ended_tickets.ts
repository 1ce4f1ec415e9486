import type { Knex } from 'knex'

/** A board of states counts what ended lately, thousands a week: from the index alone. What is open with a tag is found without all that ever had it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index tickets_status_since;
    create index tickets_status_since on tickets (status, status_since, id)
      include (priority_rank, breached, merged_into, team_id, assignee_id, type_id);
    create index tickets_open_tags on tickets using gin (tags)
      where status in ('new', 'unassigned', 'in_progress', 'waiting_customer', 'on_hold', 'awaiting_confirmation');
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index tickets_open_tags;
    drop index tickets_status_since;
    create index tickets_status_since on tickets (status, status_since, id);
  `)
}
