import type { Knex } from 'knex'

/** What a member of staff is told; the key makes the same fact tell once, however often the schedule finds it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table notifications (
      id uuid primary key,
      account_id uuid not null references accounts (id),
      kind text not null check (kind ~ '^[a-z_]+(\\.[a-z_]+)+$'),
      params jsonb not null default '{}',
      link text check (link like '/%' and link not like '//%'),
      key text not null check (length(key) between 1 and 200),
      created_at timestamptz not null default app_now(),
      read_at timestamptz
    );
    create unique index notifications_key on notifications (account_id, key);
    create index notifications_list on notifications (account_id, created_at desc, id desc);
    create index notifications_unread on notifications (account_id, created_at desc, id desc) where read_at is null;
    create index notifications_age on notifications (created_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table notifications;`)
}
