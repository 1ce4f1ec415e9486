import type { Knex } from 'knex'

/** When a supervisor is to be told, and what he was told of (BP-012). One row of `alerts` is one time of trouble: raised once, resolved when it is over. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table alert_rules (
      id uuid primary key,
      kind text not null check (kind in ('queue_length', 'queue_wait', 'no_reply', 'channel_down', 'delivery_failures')),
      -- Null: for every team without a rule of its own, and for what waits for no team.
      team_id uuid references teams (id),
      -- Seconds or a number, by the kind.
      threshold int not null check (threshold between 1 and 86400),
      enabled boolean not null default true,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (team_id is null or kind in ('queue_length', 'queue_wait', 'no_reply'))
    );
    create unique index alert_rules_one on alert_rules (kind, team_id) nulls not distinct;
    create index alert_rules_team on alert_rules (team_id) where team_id is not null;
    insert into alert_rules (id, kind, threshold) values
      ('01930000-0000-7000-8000-000000002401', 'queue_length', 10),
      ('01930000-0000-7000-8000-000000002402', 'queue_wait', 180),
      ('01930000-0000-7000-8000-000000002403', 'no_reply', 300),
      ('01930000-0000-7000-8000-000000002404', 'channel_down', 120),
      ('01930000-0000-7000-8000-000000002405', 'delivery_failures', 5);

    create table alerts (
      id uuid primary key,
      kind text not null check (kind in ('queue_length', 'queue_wait', 'no_reply', 'channel_down', 'delivery_failures')),
      team_id uuid references teams (id),
      channel_account_id uuid references channel_accounts (id),
      -- The worst it has been.
      value int not null check (value >= 0),
      -- Conversations or messages beyond the threshold when last looked at.
      count int not null check (count >= 0),
      -- As it was when it was raised.
      threshold int not null,
      raised_at timestamptz not null,
      -- When it was last found to be so; over when that is a while ago.
      last_true_at timestamptz not null,
      resolved_at timestamptz,
      acknowledged_by uuid references accounts (id),
      acknowledged_at timestamptz,
      version int not null default 1,
      check ((acknowledged_by is null) = (acknowledged_at is null)),
      check ((kind in ('channel_down', 'delivery_failures')) = (channel_account_id is not null)),
      check (team_id is null or channel_account_id is null)
    );
    create unique index alerts_raised_once on alerts (kind, team_id, channel_account_id) nulls not distinct where resolved_at is null;
    create index alerts_resolved on alerts (resolved_at desc, id desc) where resolved_at is not null;
    create index alerts_team on alerts (team_id) where team_id is not null;
    create index alerts_channel on alerts (channel_account_id) where channel_account_id is not null;
    -- Since when a channel has been failing without a break.
    create table channel_faults (
      channel_account_id uuid primary key references channel_accounts (id),
      since timestamptz not null
    );
    create index alerts_acknowledged_by on alerts (acknowledged_by) where acknowledged_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table channel_faults; drop table alerts; drop table alert_rules;`)
}
