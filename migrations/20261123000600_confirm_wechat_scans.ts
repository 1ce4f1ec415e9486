import type { Knex } from 'knex'

/** Whoever scanned a code of an official account says on his phone whether it was he who wants in (BP-002.3). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table wechat_scans drop constraint wechat_scans_status_check;
    alter table wechat_scans add constraint wechat_scans_status_check
      check (status in ('waiting', 'scanned', 'confirmed', 'refused', 'done'));
    alter table wechat_scans add column decided_at timestamptz;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from wechat_scans where status = 'refused';
    alter table wechat_scans drop column decided_at;
    update wechat_scans set status = 'scanned' where status = 'confirmed';
    alter table wechat_scans drop constraint wechat_scans_status_check;
    alter table wechat_scans add constraint wechat_scans_status_check check (status in ('waiting', 'scanned', 'done'));
  `)
}
