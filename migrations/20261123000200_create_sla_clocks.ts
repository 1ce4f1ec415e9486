import type { Knex } from 'knex'

/** What is promised about tickets, the clocks that count it, and all that ever happened to them (BP-006.2, BP-006.3). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table sla_policies (
      id uuid primary key,
      name text not null check (length(name) between 1 and 60),
      -- Ids of types, customers' tags and teams, kinds of channels; empty: any.
      conditions jsonb not null,
      -- Minutes by priority and clock.
      targets jsonb not null,
      calendar_source text not null check (calendar_source in ('team', 'own', 'always')),
      calendar_id uuid references calendars (id),
      pauses text[] not null default '{}' check (pauses <@ array['waiting_customer', 'on_hold', 'awaiting_confirmation']),
      -- The ladder: percent, whom to tell, the level to pass on to.
      steps jsonb not null default '[]' check (jsonb_typeof(steps) = 'array' and jsonb_array_length(steps) <= 10),
      position int not null,
      enabled boolean not null default true,
      -- Clocks that ran under it keep naming it.
      removed_at timestamptz,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (calendar_source <> 'own' or calendar_id is not null),
      check (calendar_source <> 'always' or calendar_id is null)
    );
    create unique index sla_policies_name on sla_policies (name) where removed_at is null;
    create index sla_policies_calendar on sla_policies (calendar_id) where calendar_id is not null;

    create table sla_clocks (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      clock text not null check (clock in ('first_response', 'next_response', 'resolution')),
      cycle int not null check (cycle > 0),
      policy_id uuid not null references sla_policies (id),
      -- Null: every hour counts.
      calendar_id uuid references calendars (id),
      target_seconds int not null check (target_seconds > 0),
      started_at timestamptz not null,
      -- Pauses that are over: pairs of times, in order.
      breaks jsonb not null default '[]',
      paused_at timestamptz,
      state text not null check (state in ('running', 'paused', 'fulfilled', 'cancelled')),
      -- Null while it stands still, or when its calendar has no working time ahead.
      due_at timestamptz,
      breached_at timestamptz,
      ended_at timestamptz,
      -- Rungs of the ladder up to here are done, the breach at 100 among them.
      done_percent int not null default 0,
      -- When the next rung is reached; the one thing that workers look for.
      timer_at timestamptz,
      -- Grows with each new promise: a rung is reached once in each.
      revision int not null default 1,
      unique (ticket_id, clock, cycle),
      check ((state = 'paused') = (paused_at is not null)),
      check ((state in ('fulfilled', 'cancelled')) = (ended_at is not null)),
      check (timer_at is null or state = 'running')
    ) with (fillfactor = 80);
    create unique index sla_clocks_one_open on sla_clocks (ticket_id, clock) where state in ('running', 'paused');
    create index sla_clocks_timers on sla_clocks (timer_at, ticket_id) where timer_at is not null;
    create index sla_clocks_policy on sla_clocks (policy_id, state);
    create index sla_clocks_calendar on sla_clocks (calendar_id) where state in ('running', 'paused');

    create table sla_events (
      id uuid primary key,
      clock_id uuid not null references sla_clocks (id),
      kind text not null check (kind in ('activate', 'pause', 'resume', 'warn', 'breach', 'fulfil', 'retarget', 'cancel')),
      cause text not null check (cause in ('created', 'moved', 'changed', 'replied', 'spoken', 'time', 'policy', 'calendar', 'team', 'merged')),
      -- When it was so; recorded_at: when it was found.
      at timestamptz not null,
      recorded_at timestamptz not null,
      -- Since the clock began: all hours, and those that count.
      natural_seconds int not null check (natural_seconds >= 0),
      counted_seconds int not null check (counted_seconds >= 0),
      target_seconds int not null check (target_seconds > 0),
      due_at timestamptz,
      percent int,
      policy_id uuid not null references sla_policies (id),
      calendar_id uuid references calendars (id),
      revision int not null,
      check ((kind in ('warn', 'breach')) = (percent is not null))
    );
    -- A rung is reached once, whatever processes find it so.
    create unique index sla_events_once on sla_events (clock_id, revision, percent) where percent is not null;
    create index sla_events_clock on sla_events (clock_id, at, id);
    create index sla_events_policy on sla_events (policy_id);
    create index sla_events_calendar on sla_events (calendar_id) where calendar_id is not null;
    create trigger refuse_change before update or delete or truncate on sla_events for each statement execute function refuse_change();

    -- Tickets whose due times are to be worked out anew: a policy, a calendar, a team's calendar is another one. Emptied in batches.
    create table sla_stale (
      ticket_id uuid primary key references tickets (id),
      cause text not null check (cause in ('policy', 'calendar', 'team')),
      since timestamptz not null default app_now()
    );

    alter table tickets add column sla_left_seconds int;
    create index tickets_due on tickets (next_due_at, id) where next_due_at is not null;

    insert into sla_policies (id, name, conditions, targets, calendar_source, pauses, steps, position) values (
      '01930000-0000-7000-8000-000000002a01', '标准服务承诺', '{"typeIds": [], "tagIds": [], "teamIds": [], "channelKinds": []}',
      '{"urgent": {"first_response": 15, "next_response": 30, "resolution": 240},
        "high": {"first_response": 30, "next_response": 60, "resolution": 480},
        "normal": {"first_response": 120, "next_response": 240, "resolution": 1440},
        "low": {"first_response": 240, "next_response": 480, "resolution": 2880}}',
      'team', array['waiting_customer', 'on_hold', 'awaiting_confirmation'],
      '[{"percent": 75, "to": ["assignee"], "escalateTo": null}, {"percent": 100, "to": ["assignee", "leader"], "escalateTo": null},
        {"percent": 150, "to": ["supervisors"], "escalateTo": null}]', 1);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop index tickets_due; alter table tickets drop column sla_left_seconds;
    drop table sla_stale; drop table sla_events; drop table sla_clocks; drop table sla_policies;
  `)
}
