import type { Knex } from 'knex'

/** Working calendars (BP-007.5): times of day belong to the calendar's time zone; a day of its own beats the week. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create extension if not exists btree_gist;

    -- [{"from": "09:00", "to": "12:00"}, …]: within one day, in order, none over another; "24:00" is the end of the day.
    create function are_periods(periods jsonb) returns boolean language sql immutable as $$
      select coalesce(bool_and(
        coalesce(starts ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' and ends ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
          and starts collate "C" < ends collate "C" and starts collate "C" >= previous collate "C", false)), true)
      from (
        select period ->> 'from' as starts, period ->> 'to' as ends, coalesce(lag(period ->> 'to') over (order by place), '00:00') as previous
        from jsonb_array_elements(periods) with ordinality as list (period, place)
      ) as each_period
    $$;

    create table calendars (
      id uuid primary key,
      name text not null unique check (length(name) between 1 and 60),
      time_zone text not null check (length(time_zone) between 1 and 60),
      -- Seven lists of periods, Monday first.
      weekly jsonb not null check (
        jsonb_array_length(weekly) = 7 and are_periods(weekly -> 0) and are_periods(weekly -> 1) and are_periods(weekly -> 2)
        and are_periods(weekly -> 3) and are_periods(weekly -> 4) and are_periods(weekly -> 5) and are_periods(weekly -> 6)),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );

    create table calendar_days (
      calendar_id uuid not null references calendars (id) on delete cascade,
      day date not null,
      kind text not null check (kind in ('holiday', 'workday', 'exception')),
      name text not null check (length(name) between 1 and 60),
      -- holiday: none. workday (调休): null is as on a Monday. exception: its own, perhaps none.
      periods jsonb check (periods is null or are_periods(periods)),
      -- Which import it came from; null: by hand.
      source text check (length(source) between 1 and 40),
      primary key (calendar_id, day),
      check ((kind = 'holiday') <= (periods is null) and (kind = 'exception') <= (periods is not null))
    );
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table calendar_days; drop table calendars; drop function are_periods(jsonb); drop extension btree_gist;`)
}
