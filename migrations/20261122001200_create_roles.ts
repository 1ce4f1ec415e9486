import type { Knex } from 'knex'

/** Roles are rows (MOD-01); the three built-in ones have fixed ids, and what they grant is said in code. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table roles (
      id uuid primary key,
      code text not null unique check (code ~ '^[a-z][a-z0-9-]{0,39}$'),
      name text not null check (length(name) between 1 and 40),
      description text not null default '',
      built_in boolean not null default false,
      permissions text[] not null default '{}',
      -- Whose rows the role reaches: his own, his teams', his department's and below, everybody's.
      data_scope text not null check (data_scope in ('own', 'team', 'department', 'all')),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      -- A new permission point reaches built-in roles without a migration.
      check (not built_in or permissions = '{}')
    );
    create unique index roles_name on roles (lower(name));
    insert into roles (id, code, name, built_in, data_scope) values
      ('01930000-0000-7000-8000-000000000101', 'agent', '客服', true, 'own'),
      ('01930000-0000-7000-8000-000000000102', 'supervisor', '主管', true, 'team'),
      ('01930000-0000-7000-8000-000000000103', 'admin', '管理员', true, 'all');

    alter table accounts add column role_id uuid references roles (id);
    update accounts a set role_id = r.id from roles r where a.kind = 'staff' and r.code = a.role;
    -- The check that named the column goes with it.
    alter table accounts drop column role;
    alter table accounts
      add constraint accounts_staff_complete check (kind <> 'staff' or (username is not null and role_id is not null)),
      add constraint accounts_role_of_staff check (kind = 'staff' or role_id is null);
    create index accounts_role on accounts (role_id) where role_id is not null;
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    alter table accounts add column role text check (role in ('agent', 'supervisor', 'admin'));
    update accounts a set role = case when r.built_in then r.code else 'agent' end from roles r where r.id = a.role_id;
    alter table accounts drop constraint accounts_staff_complete, drop constraint accounts_role_of_staff, drop column role_id;
    alter table accounts add constraint accounts_check check (kind <> 'staff' or (username is not null and role is not null));
    drop table roles;
  `)
}
