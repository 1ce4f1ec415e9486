import type { Knex } from 'knex'

/** The organisation (MOD-02) and what is known of its staff beside the account (MOD-03). */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table departments (
      id uuid primary key,
      parent_id uuid references departments (id),
      name text not null check (length(name) between 1 and 60),
      leader_id uuid references accounts (id),
      -- Order among its siblings.
      position int not null default 0,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (parent_id <> id)
    );
    create unique index departments_name on departments (parent_id, lower(name)) nulls not distinct;
    create index departments_leader on departments (leader_id) where leader_id is not null;

    create table staff_profiles (
      account_id uuid primary key references accounts (id),
      department_id uuid references departments (id),
      employee_number text check (length(employee_number) between 1 and 40),
      title_id uuid references dictionary_entries (id),
      email text,
      joined_on date,
      note text not null default '',
      -- Set when the work was handed over for good (离职继承).
      left_at timestamptz,
      version int not null default 1,
      updated_at timestamptz not null default app_now()
    );
    create unique index staff_profiles_number on staff_profiles (lower(employee_number)) where employee_number is not null;
    create index staff_profiles_department on staff_profiles (department_id) where department_id is not null;
    create index staff_profiles_title on staff_profiles (title_id) where title_id is not null;

    create table staff_skills (
      account_id uuid not null references accounts (id),
      skill_id uuid not null references dictionary_entries (id),
      level int not null check (level between 1 and 5),
      primary key (account_id, skill_id)
    );
    create index staff_skills_skill on staff_skills (skill_id, level);

    create table staff_languages (
      account_id uuid not null references accounts (id),
      language_id uuid not null references dictionary_entries (id),
      primary key (account_id, language_id)
    );
    create index staff_languages_language on staff_languages (language_id);

    -- What went to whom; the key makes asking twice the same as asking once.
    create table staff_handovers (
      id uuid primary key,
      from_id uuid not null references accounts (id),
      to_id uuid not null references accounts (id),
      client_key text not null,
      -- [{kind, count}]
      moved jsonb not null,
      created_by uuid not null references accounts (id),
      created_at timestamptz not null default app_now(),
      unique (from_id, client_key),
      check (from_id <> to_id)
    );
    create index staff_handovers_to on staff_handovers (to_id);
    create index staff_handovers_by on staff_handovers (created_by);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table staff_handovers; drop table staff_languages; drop table staff_skills; drop table staff_profiles; drop table departments;
  `)
}
