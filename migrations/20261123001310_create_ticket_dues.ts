import type { Knex } from 'knex'

/**
 * When something is next owed of a ticket, apart from the ticket itself: clocks move it by the hundred thousand when a calendar changes, and a row of tickets
 * none of whose indexes is concerned is written in place.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    -- The same as tickets.next_due_at, where that is not null; written with it.
    create table ticket_dues (
      ticket_id uuid primary key references tickets (id),
      due_at timestamptz not null
    );
    insert into ticket_dues (ticket_id, due_at) select id, next_due_at from tickets where next_due_at is not null;
    create index ticket_dues_due on ticket_dues (due_at, ticket_id);
    drop index tickets_due;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    create index tickets_due on tickets (next_due_at, id) where next_due_at is not null;
    drop table ticket_dues;
  `)
}
