import type { Knex } from 'knex'

/**
 * How conversations end by themselves, and what is asked of who ends one. One row for all, and rows of teams and accounts that say
 * otherwise in what is not null.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table conversation_rules (
      id uuid primary key,
      team_id uuid references teams (id),
      channel_account_id uuid references channel_accounts (id),
      -- 0: never.
      idle_warn_minutes int check (idle_warn_minutes between 0 and 10080),
      idle_close_minutes int check (idle_close_minutes between 0 and 10080),
      reopen_hours int check (reopen_hours between 0 and 720),
      wrap_up_required text[] check (wrap_up_required <@ array['category', 'result', 'summary', 'tags']),
      closing_words text[],
      texts jsonb not null default '{}',
      version int not null default 1,
      updated_by uuid references accounts (id),
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (team_id is null or channel_account_id is null),
      check (team_id is not null or channel_account_id is not null or
             (idle_warn_minutes is not null and idle_close_minutes is not null and reopen_hours is not null
              and wrap_up_required is not null and closing_words is not null))
    );
    create unique index conversation_rules_team on conversation_rules (team_id) where team_id is not null;
    create unique index conversation_rules_account on conversation_rules (channel_account_id) where channel_account_id is not null;
    create unique index conversation_rules_default on conversation_rules ((true)) where team_id is null and channel_account_id is null;
    create index conversation_rules_updated_by on conversation_rules (updated_by) where updated_by is not null;
    insert into conversation_rules (id, idle_warn_minutes, idle_close_minutes, reopen_hours, wrap_up_required, closing_words, texts) values (
      gen_random_uuid(), 0, 5, 24, '{}', array['结束会话', '结束咨询'],
      jsonb_build_object(
        'idleWarning', '您好，{{minutes}} 分钟内没有收到您的消息，本次会话将自动结束。如需继续咨询，请直接回复。',
        'idleClosed', '由于长时间没有收到您的消息，本次会话已结束。您随时可以再联系我们。',
        'closed', '', 'customerClosed', '感谢您的咨询，本次会话已结束。', 'blocked', ''));
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table conversation_rules;`)
}
