import type { Knex } from 'knex'

/**
 * The index of words (BP-004.3), written behind the messages by a worker. A key is a hash of a pair of characters and the day, so that a look-up
 * touches one day's messages however many there are in all, and newest days are asked first. It holds no text.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table message_search (
      conversation_id uuid not null,
      seq int not null,
      message_id uuid not null,
      at timestamptz not null,
      direction text not null check (direction in ('inbound', 'outbound', 'note')),
      keys int[] not null,
      primary key (conversation_id, seq),
      foreign key (conversation_id, seq) references messages (conversation_id, seq)
    );
    -- Written by a worker in batches: entries that wait in a list would be read through by every look-up.
    create index message_search_keys on message_search using gin (keys) with (fastupdate = off);
    create index message_search_at on message_search (at);

    -- How far each conversation has been indexed; its messages are numbered without gaps, so one figure says it all.
    create table message_search_progress (
      conversation_id uuid primary key references conversations (id),
      indexed_seq int not null check (indexed_seq >= 0)
    ) with (fillfactor = 70);

    -- Where the walk through all conversations stands, which heals whatever was missed.
    create table message_search_walk (
      only_row boolean primary key default true check (only_row),
      after_id uuid not null default '00000000-0000-0000-0000-000000000000'
    );
    insert into message_search_walk default values;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table message_search_walk; drop table message_search_progress; drop table message_search;`)
}
