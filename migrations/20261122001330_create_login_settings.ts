import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table login_settings (
      only_row boolean primary key default true check (only_row),
      -- Secrets inside are encrypted; null: nothing was set up.
      sms jsonb,
      wechat jsonb,
      phone_code boolean not null default true,
      -- What the last call of the SMS provider said.
      sms_failing_since timestamptz,
      sms_error text,
      version int not null default 1,
      updated_at timestamptz not null default app_now()
    );
    insert into login_settings default values;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table login_settings;`)
}
