import pg from 'pg'
import { CONVERSATIONS } from '../settings.ts'

/** What the references write: a message, its conversation's row, an outbox. */
export async function createReferenceTables(databaseUrl: string): Promise<void> {
  const client = new pg.Client({ connectionString: databaseUrl })
  await client.connect()
  await client.query(`
    create table msg (
      id bigint generated always as identity primary key,
      conversation_id bigint not null,
      sender smallint not null,
      ext_id text unique,
      body text not null,
      created_at timestamptz not null default now()
    );
    create index on msg (conversation_id, id);
    create table conv (id bigint primary key, last_message_id bigint, last_at timestamptz, unread int not null default 0) with (fillfactor = 60);
    insert into conv select generate_series(0, ${CONVERSATIONS - 1});
    create table outbox (id bigint generated always as identity primary key, kind text, ref bigint, done_at timestamptz);
  `)
  await client.end()
}
