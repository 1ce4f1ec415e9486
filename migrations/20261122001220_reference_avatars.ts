import type { Knex } from 'knex'

/** A picture of somebody is an attachment that stays although no message carries it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table accounts add constraint accounts_avatar foreign key (avatar_attachment_id) references attachments (id);
    create index accounts_avatar_attachment on accounts (avatar_attachment_id) where avatar_attachment_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index accounts_avatar_attachment;
    alter table accounts drop constraint accounts_avatar;
  `)
}
