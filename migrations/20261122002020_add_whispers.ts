import type { Knex } from 'knex'

/** A word of a supervisor for the agent alone (BP-012). In its place among the messages, and nobody else's to read. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table messages add column addressee_id uuid references accounts (id);
    alter table messages drop constraint messages_direction_check;
    alter table messages add constraint messages_direction_check
      check (direction in ('inbound', 'outbound', 'note', 'system', 'whisper')) not valid;
    alter table messages add constraint messages_whisper_addressed check ((direction = 'whisper') = (addressee_id is not null)) not valid;
    alter table messages validate constraint messages_direction_check;
    alter table messages validate constraint messages_whisper_addressed;
    create index messages_addressee on messages (addressee_id) where addressee_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table messages drop constraint messages_whisper_addressed;
    -- What was meant for one is for all staff from here on; nobody loses a line, and every line keeps its number.
    update messages set direction = 'note' where direction = 'whisper';
    alter table messages drop column addressee_id;
    alter table messages drop constraint messages_direction_check;
    alter table messages add constraint messages_direction_check check (direction in ('inbound', 'outbound', 'note', 'system'));
  `)
}
