import type { Knex } from 'knex'

/** A number that somebody else entered is not proven to be the account's until a code sent to it came back (BP-002.2). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table accounts add column phone_proven_at timestamptz;
    update accounts a set phone_proven_at = app_now() where phone is not null
      and exists (select 1 from login_codes c where c.phone = a.phone and c.used_at is not null and c.purpose in ('bind_phone', 'staff_login'));
    alter table accounts add constraint accounts_phone_proven check (phone_proven_at is null or phone is not null);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`alter table accounts drop constraint accounts_phone_proven, drop column phone_proven_at;`)
}
