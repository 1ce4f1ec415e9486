import type { Knex } from 'knex'

/**
 * A file that is sent again and again is stored once: several attachments name its object, each with a scope of its own. `kept`: something other than a
 * message needs it, so it is no orphan.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table attachments add column kept boolean not null default false;
    alter table attachments drop constraint attachments_storage_key_key;
    alter table attachments drop constraint attachments_thumbnail_key_key;
    create index attachments_storage_key on attachments (storage_key);
    drop index attachments_orphans;
    create index attachments_orphans on attachments (created_at) where conversation_id is null and not kept;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index attachments_orphans;
    create index attachments_orphans on attachments (created_at) where conversation_id is null;
    drop index attachments_storage_key;
    alter table attachments add constraint attachments_storage_key_key unique (storage_key);
    alter table attachments add constraint attachments_thumbnail_key_key unique (thumbnail_key);
    alter table attachments drop column kept;
  `)
}
