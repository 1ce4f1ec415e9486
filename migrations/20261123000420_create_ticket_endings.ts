import type { Knex } from 'knex'

const text = (zh: string, en: string, on = true) => ({ on, zh, en })

/** As people are told to begin with; every line may be changed or switched off. */
const TEXTS = {
  created: text(
    '您的问题已登记为工单 {工单号}：{标题}。我们会尽快处理，进度请看 {链接}',
    'We have opened ticket {number} for you: {title}. Follow it here: {link}',
  ),
  followUp: text('工单 {工单号} 有新进展：\n{内容}\n查看或回复：{链接}', 'News on ticket {number}:\n{text}\nSee or answer it: {link}'),
  confirm: text(
    '工单 {工单号}（{标题}）已处理完成。{解决方案}\n请确认是否解决：{链接}',
    'Ticket {number} ({title}) is done. {solution}\nPlease tell us whether it is solved: {link}',
  ),
  reminder: text(
    '工单 {工单号} 还在等您确认。如果没有其他问题，它将在 {天数} 个工作日后自动关闭：{链接}',
    'Ticket {number} waits for your word. Without an answer it closes in {days} working days: {link}',
  ),
  autoClosed: text(
    '工单 {工单号} 已自动关闭。如果问题还没有解决，可以在这里重新打开：{链接}',
    'Ticket {number} has been closed. If it is not solved, reopen it here: {link}',
  ),
  resolved: text('工单 {工单号}（{标题}）已解决。欢迎评价：{链接}', 'Ticket {number} ({title}) is solved. Tell us how we did: {link}'),
  myTickets: text(
    '点这里查看您的工单和处理进度（{天数} 天内有效）：{链接}',
    'Your tickets and how they stand (good for {days} days): {link}',
  ),
  noTickets: text('您还没有工单。请直接发送您的问题，客服会为您处理。', 'You have no tickets yet. Just write to us.'),
}

/** How tickets end (BP-006.9), and what customers say about it (MOD-10). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table ticket_ending_settings (
      only_row boolean primary key default true check (only_row),
      auto_close_days int not null default 3 check (auto_close_days between 0 and 60),
      notice_days int not null default 1 check (notice_days between 0 and 30),
      reopen_days int not null default 7 check (reopen_days between 0 and 365),
      urges_per_day int not null default 3 check (urges_per_day between 0 and 20),
      urge_minutes int not null default 60 check (urge_minutes between 1 and 1440),
      rating boolean not null default true,
      off_hours_tickets boolean not null default true,
      menu_key text not null default 'MY_TICKETS' check (menu_key ~ '^[A-Za-z0-9_.-]{1,64}$'),
      texts jsonb not null,
      version int not null default 1,
      updated_at timestamptz not null default app_now(),
      check (auto_close_days = 0 or notice_days < auto_close_days)
    );

    -- Each time the customer was asked whether it is solved.
    create table ticket_confirmations (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      state text not null default 'open' check (state in ('open', 'confirmed', 'rejected', 'closed', 'withdrawn')),
      reason text check (length(reason) between 1 and 1000),
      message_id uuid references messages (id),
      untold text check (untold in ('no_conversation', 'reply_window_closed', 'reply_quota_spent', 'part_not_supported', 'switched_off')),
      asked_at timestamptz not null default app_now(),
      answered_at timestamptz,
      check ((state = 'open') = (answered_at is null)),
      check (message_id is null or untold is null)
    );
    create unique index ticket_confirmations_one_open on ticket_confirmations (ticket_id) where state = 'open';
    create index ticket_confirmations_ticket on ticket_confirmations (ticket_id, asked_at desc, id desc);
    create index ticket_confirmations_message on ticket_confirmations (message_id) where message_id is not null;

    -- What closes by itself, and when: a row while the ticket waits for the customer's word or is solved.
    create table ticket_closings (
      ticket_id uuid primary key references tickets (id),
      since timestamptz not null,
      -- Working days from then; what they are is asked of the calendar again when the time has come.
      close_days int not null check (close_days > 0),
      notice_days int not null check (notice_days between 0 and 30),
      notice_at timestamptz,
      close_at timestamptz not null,
      noticed_at timestamptz
    );
    create index ticket_closings_due on ticket_closings (close_at);
    create index ticket_closings_notice on ticket_closings (notice_at) where noticed_at is null and notice_at is not null;

    -- One for each time it ended.
    create table ticket_ratings (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      round int not null,
      score int not null check (score between 1 and 5),
      comment text check (length(comment) between 1 and 500),
      agent_id uuid references accounts (id),
      team_id uuid references teams (id),
      identity_id uuid not null references customer_identities (id),
      created_at timestamptz not null default app_now(),
      unique (ticket_id, round)
    );
    create index ticket_ratings_agent on ticket_ratings (agent_id, created_at desc) where agent_id is not null;
    create index ticket_ratings_team on ticket_ratings (team_id, created_at desc) where team_id is not null;
    create index ticket_ratings_identity on ticket_ratings (identity_id);

    -- 催单.
    create table ticket_urges (
      id uuid primary key,
      ticket_id uuid not null references tickets (id),
      identity_id uuid not null references customer_identities (id),
      created_at timestamptz not null default app_now()
    );
    create index ticket_urges_ticket on ticket_urges (ticket_id, created_at desc);
    create index ticket_urges_identity on ticket_urges (identity_id);

    -- The same form sent twice is one ticket.
    create table ticket_customer_forms (
      identity_id uuid not null references customer_identities (id),
      client_key text not null,
      request_digest bytea not null,
      ticket_id uuid references tickets (id),
      created_at timestamptz not null default app_now(),
      primary key (identity_id, client_key)
    );
    create index ticket_customer_forms_ticket on ticket_customer_forms (ticket_id);
  `)
  await knex.raw(`insert into ticket_ending_settings (texts) values (?::jsonb)`, [JSON.stringify(TEXTS)])
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table ticket_customer_forms; drop table ticket_urges; drop table ticket_ratings; drop table ticket_closings;
    drop table ticket_confirmations; drop table ticket_ending_settings;
  `)
}
