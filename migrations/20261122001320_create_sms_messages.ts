import type { Knex } from 'knex'

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table sms_messages (
      id uuid primary key,
      phone text not null,
      template text not null check (template in ('code', 'test')),
      code_id uuid references login_codes (id) on delete set null,
      -- Encrypted, and gone as soon as the message is.
      params_sealed text,
      -- suppressed: looks like the others from outside, but nobody is behind this number, so nothing is sent.
      state text not null check (state in ('queued', 'sending', 'sent', 'failed', 'suppressed')),
      attempt int not null default 0,
      due_at timestamptz not null default app_now(),
      leased_until timestamptz,
      -- Nobody waits for it any longer.
      expires_at timestamptz not null,
      provider text,
      provider_message_id text,
      error_code text,
      error_detail text,
      created_at timestamptz not null default app_now(),
      sent_at timestamptz,
      check (state <> 'sending' or leased_until is not null),
      check (state not in ('sent', 'suppressed') or params_sealed is null)
    );
    create index sms_messages_due on sms_messages (due_at) where state in ('queued', 'sending');
    create unique index sms_messages_code on sms_messages (code_id) where code_id is not null;
    create index sms_messages_created on sms_messages (created_at);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table sms_messages;`)
}
