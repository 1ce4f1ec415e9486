import type { Knex } from 'knex'

/** What customers left while the doors were closed. Their words are a message; here stands whose and what became of it. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table contact_requests (
      id uuid primary key,
      conversation_id uuid not null references conversations (id),
      message_id uuid not null unique references messages (id),
      team_id uuid references teams (id),
      status text not null default 'open' check (status in ('open', 'handled')),
      handled_by uuid references accounts (id),
      handled_at timestamptz,
      ticket_id uuid,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      check ((status = 'handled') = (handled_at is not null)),
      check ((handled_by is null) or status = 'handled')
    );
    -- One while it is open: the same form sent by two tabs is one request.
    create unique index contact_requests_one_open on contact_requests (conversation_id) where status = 'open';
    create index contact_requests_conversation on contact_requests (conversation_id);
    create index contact_requests_newest on contact_requests (created_at desc, id desc);
    create index contact_requests_open on contact_requests (created_at desc, id desc) where status = 'open';
    create index contact_requests_team on contact_requests (team_id, created_at desc, id desc) where team_id is not null;
    create index contact_requests_handler on contact_requests (handled_by) where handled_by is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table contact_requests;`)
}
