import type { Knex } from 'knex'

/** What a waiting customer was told last, so that he hears of changes and of nothing else. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table queue_standings (
      conversation_id uuid primary key references conversations (id),
      position int not null check (position > 0),
      -- Null: too little is known to say.
      estimate_seconds int check (estimate_seconds >= 0),
      told_at timestamptz not null default app_now(),
      -- Where answers are counted: what was said in a message, and how often.
      said_position int check (said_position > 0),
      said_at timestamptz,
      lines int not null default 0 check (lines >= 0),
      -- Null: never seen; only pages of ours are.
      page_seen_at timestamptz
    ) with (fillfactor = 70);
    -- What ended in the last hour.
    create index assignments_ended on assignments (ended_at) where work_kind = 'conversation' and ended_at is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop index assignments_ended; drop table queue_standings;`)
}
