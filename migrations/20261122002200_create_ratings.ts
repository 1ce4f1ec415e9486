import type { Knex } from 'knex'

/** Satisfaction (BP-004.9): a conversation is asked about once, and answered once; whom it is about is fixed when the customer is asked. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table rating_invitations (
      id uuid primary key,
      conversation_id uuid not null unique references conversations (id),
      identity_id uuid not null references customer_identities (id),
      channel_account_id uuid not null references channel_accounts (id),
      agent_id uuid not null references accounts (id),
      team_id uuid references teams (id),
      trigger text not null check (trigger in ('agent', 'rule')),
      invited_by uuid references accounts (id),
      form text not null check (form in ('menu', 'card', 'link')),
      scale int not null check (scale in (3, 5)),
      -- The message that asks; none: the channel let it not out, and the reason says why.
      message_id uuid unique references messages (id),
      refusal text,
      expires_at timestamptz not null,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      check ((message_id is null) = (refusal is not null)),
      check ((trigger = 'agent') = (invited_by is not null))
    );
    create index rating_invitations_identity on rating_invitations (identity_id, created_at desc);
    create index rating_invitations_channel on rating_invitations (channel_account_id);
    create index rating_invitations_agent on rating_invitations (agent_id, created_at desc);
    create index rating_invitations_team on rating_invitations (team_id);
    create index rating_invitations_inviter on rating_invitations (invited_by);
    create index rating_invitations_time on rating_invitations (created_at);

    create table ratings (
      id uuid primary key,
      invitation_id uuid not null unique references rating_invitations (id),
      conversation_id uuid not null references conversations (id),
      agent_id uuid not null references accounts (id),
      team_id uuid references teams (id),
      channel_account_id uuid not null references channel_accounts (id),
      scale int not null check (scale in (3, 5)),
      score int not null check (score between 1 and scale),
      level text not null generated always as (case
        when score * 5 <= scale * 2 then 'low' when score * 2 <= scale + 1 then 'middle' else 'high' end) stored,
      comment text check (length(comment) between 1 and 500),
      -- Reasons and comment were given, or no longer can be.
      explained boolean not null default false,
      created_at timestamptz not null default app_now()
    );
    create index ratings_time on ratings (created_at desc, id desc);
    create index ratings_agent on ratings (agent_id, created_at desc, id desc);
    create index ratings_team on ratings (team_id, created_at desc, id desc);
    create index ratings_channel on ratings (channel_account_id);
    create index ratings_conversation on ratings (conversation_id);

    create table rating_reasons (
      rating_id uuid not null references ratings (id),
      entry_id uuid not null references dictionary_entries (id),
      primary key (rating_id, entry_id)
    );
    create index rating_reasons_entry on rating_reasons (entry_id, rating_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`drop table rating_reasons; drop table ratings; drop table rating_invitations;`)
}
