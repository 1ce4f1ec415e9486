import type { Knex } from 'knex'

/**
 * Prepared answers (BP-016): of the house, of a team, of one person. `holder` is who they belong to, one value for each shelf, so that a code is unique
 * on it and a category or a parent of another shelf cannot be named.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table quick_reply_categories (
      id uuid primary key,
      scope text not null check (scope in ('personal', 'team', 'global')),
      team_id uuid references teams (id),
      owner_id uuid references accounts (id),
      holder uuid not null generated always as (coalesce(team_id, owner_id, '00000000-0000-0000-0000-000000000000')) stored,
      parent_id uuid,
      name text not null check (length(name) between 1 and 40),
      business_type_id uuid references dictionary_entries (id),
      position int not null,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      check ((scope = 'team') = (team_id is not null) and (scope = 'personal') = (owner_id is not null)),
      check (parent_id <> id),
      unique (id, holder),
      foreign key (parent_id, holder) references quick_reply_categories (id, holder),
      constraint quick_reply_categories_name unique nulls not distinct (holder, parent_id, name)
    );
    create index quick_reply_categories_parent on quick_reply_categories (parent_id, holder);
    create index quick_reply_categories_team on quick_reply_categories (team_id);
    create index quick_reply_categories_owner on quick_reply_categories (owner_id);
    create index quick_reply_categories_business on quick_reply_categories (business_type_id) where business_type_id is not null;

    create table quick_replies (
      id uuid primary key,
      scope text not null check (scope in ('personal', 'team', 'global')),
      team_id uuid references teams (id),
      owner_id uuid references accounts (id),
      holder uuid not null generated always as (coalesce(team_id, owner_id, '00000000-0000-0000-0000-000000000000')) stored,
      category_id uuid,
      code text check (length(code) between 1 and 20),
      title text not null check (length(title) between 1 and 80),
      parts jsonb not null check (jsonb_typeof(parts) = 'array'),
      variables jsonb not null default '[]' check (jsonb_typeof(variables) = 'array'),
      -- 拼音 of the title, a syllable apart: computing it for thousands of titles takes longer than searching them.
      spoken text[] not null,
      position int not null,
      disabled boolean not null default false,
      created_by uuid references accounts (id),
      updated_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check ((scope = 'team') = (team_id is not null) and (scope = 'personal') = (owner_id is not null)),
      foreign key (category_id, holder) references quick_reply_categories (id, holder)
    );
    create unique index quick_replies_code on quick_replies (holder, lower(code)) where code is not null;
    create index quick_replies_shelf on quick_replies (holder, position, id);
    create index quick_replies_category on quick_replies (category_id, holder, position, id);
    create index quick_replies_team on quick_replies (team_id);
    create index quick_replies_owner on quick_replies (owner_id);
    create index quick_replies_created_by on quick_replies (created_by);
    create index quick_replies_updated_by on quick_replies (updated_by);

    create table quick_reply_versions (
      reply_id uuid not null references quick_replies (id) on delete cascade,
      number int not null check (number > 0),
      reason text not null check (reason in ('created', 'changed', 'restored', 'imported')),
      title text not null,
      code text,
      parts jsonb not null,
      variables jsonb not null,
      actor_id uuid references accounts (id),
      created_at timestamptz not null,
      primary key (reply_id, number)
    );
    create index quick_reply_versions_actor on quick_reply_versions (actor_id);

    -- Files of the reply and of its versions: they stay while one of them names them.
    create table quick_reply_files (
      reply_id uuid not null references quick_replies (id) on delete cascade,
      attachment_id uuid not null references attachments (id),
      primary key (reply_id, attachment_id)
    );
    create index quick_reply_files_attachment on quick_reply_files (attachment_id);

    -- One line for each sent message: who hears of it twice counts it once.
    create table quick_reply_uses (
      message_id uuid primary key,
      reply_id uuid not null references quick_replies (id) on delete cascade,
      account_id uuid not null references accounts (id),
      used_at timestamptz not null
    );
    create index quick_reply_uses_reply on quick_reply_uses (reply_id);
    create index quick_reply_uses_account on quick_reply_uses (account_id);
    create table quick_reply_tallies (
      reply_id uuid not null references quick_replies (id) on delete cascade,
      account_id uuid not null references accounts (id),
      uses int not null check (uses > 0),
      last_used_at timestamptz not null,
      primary key (account_id, reply_id)
    );
    create index quick_reply_tallies_reply on quick_reply_tallies (reply_id);
    -- The sum of the tallies, kept: a reply that five hundred agents use would be summed at every key that one of them presses.
    create table quick_reply_totals (
      reply_id uuid primary key references quick_replies (id) on delete cascade,
      uses int not null check (uses > 0),
      last_used_at timestamptz not null
    );

    -- Grows with every change on a shelf: processes keep its search index for as long as it stands still.
    create table quick_reply_revisions (holder uuid primary key, revision bigint not null);
    create function note_quick_reply_change() returns trigger language plpgsql as $$
    begin
      insert into quick_reply_revisions as r (holder, revision) select distinct holder, 1 from changed order by holder
        on conflict (holder) do update set revision = r.revision + 1;
      return null;
    end $$;
    create trigger quick_replies_inserted after insert on quick_replies referencing new table as changed
      for each statement execute function note_quick_reply_change();
    create trigger quick_replies_updated after update on quick_replies referencing new table as changed
      for each statement execute function note_quick_reply_change();
    create trigger quick_replies_deleted after delete on quick_replies referencing old table as changed
      for each statement execute function note_quick_reply_change();
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table quick_reply_revisions; drop table quick_reply_totals; drop table quick_reply_tallies; drop table quick_reply_uses; drop table quick_reply_files;
    drop table quick_reply_versions; drop table quick_replies; drop table quick_reply_categories; drop function note_quick_reply_change();
  `)
}
