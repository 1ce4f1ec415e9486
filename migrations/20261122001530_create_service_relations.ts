import type { Knex } from 'knex'

/**
 * Who serves whom (BP-008). Days are those of the company's time zone, both ends included. The businesses of a relation are a multirange
 * over their ids, "every business" the unbounded one: so one exclusion constraint sees that a relation for all and one for invoices meet.
 */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create type uuidrange as range (subtype = uuid);
    -- Bound when it is created: an index is built with an empty search path.
    create function businesses_covered(ids uuid[]) returns uuidmultirange language sql immutable
      return case when cardinality(ids) = 0 then uuidmultirange(uuidrange(null, null))
        else (select range_agg(uuidrange(id, id, '[]')) from unnest(ids) as id) end;

    create table service_relations (
      id uuid primary key,
      customer_id uuid references customers (id),
      institution_id uuid references institutions (id),
      subject_id uuid not null generated always as (coalesce(customer_id, institution_id)) stored,
      team_id uuid not null references teams (id),
      rank text not null check (rank in ('primary', 'secondary')),
      -- Empty: every business.
      business_type_ids uuid[] not null default '{}' check (array_position(business_type_ids, null) is null and cardinality(business_type_ids) <= 100),
      valid_from date not null,
      -- The last day; null: until further notice.
      valid_until date,
      -- Days before the last one on which the responsible people are told; null: never.
      remind_days int check (remind_days between 0 and 365),
      -- The end that was last told.
      reminded_for date,
      note text not null default '' check (length(note) <= 500),
      ended_at timestamptz,
      end_reason text check (length(end_reason) <= 200),
      created_by uuid references accounts (id),
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now(),
      check (num_nonnulls(customer_id, institution_id) = 1),
      check (valid_from <= valid_until),
      constraint service_relations_one_primary exclude using gist (
        subject_id with =, businesses_covered(business_type_ids) with &&, daterange(valid_from, valid_until, '[]') with &&)
        where (rank = 'primary' and ended_at is null) deferrable initially immediate,
      constraint service_relations_once exclude using gist (
        subject_id with =, team_id with =, businesses_covered(business_type_ids) with &&, daterange(valid_from, valid_until, '[]') with &&)
        where (ended_at is null) deferrable initially immediate
    );
    create index service_relations_customer on service_relations (customer_id, created_at desc, id desc);
    create index service_relations_institution on service_relations (institution_id, created_at desc, id desc);
    create index service_relations_team on service_relations (team_id, created_at desc, id desc);
    create index service_relations_list on service_relations (created_at desc, id desc);
    create index service_relations_expiry on service_relations (coalesce(valid_until, '9999-12-31'::date), id);
    -- Only what is still to be told of: it stays as small as what is due.
    create index service_relations_to_remind on service_relations ((valid_until - remind_days))
      where ended_at is null and valid_until is not null and remind_days is not null and reminded_for is distinct from valid_until;
    create index service_relations_created_by on service_relations (created_by);

    -- The same businesses as rows, so that the dictionary knows what is in use.
    create table service_relation_businesses (
      relation_id uuid not null references service_relations (id) on delete cascade,
      business_type_id uuid not null references dictionary_entries (id),
      primary key (relation_id, business_type_id)
    );
    create index service_relation_businesses_type on service_relation_businesses (business_type_id);
    create function keep_relation_businesses() returns trigger language plpgsql as $$
    begin
      delete from service_relation_businesses where relation_id = new.id and not business_type_id = any(new.business_type_ids);
      insert into service_relation_businesses (relation_id, business_type_id)
        select new.id, business from unnest(new.business_type_ids) as business on conflict do nothing;
      return null;
    end $$;
    create trigger keep_relation_businesses after insert or update of business_type_ids on service_relations
      for each row execute function keep_relation_businesses();

    create table service_relation_changes (
      id uuid primary key,
      relation_id uuid not null references service_relations (id) on delete cascade,
      action text not null check (action in ('created', 'changed', 'ended', 'moved', 'moved_back')),
      actor_id uuid references accounts (id),
      before jsonb,
      after jsonb,
      changed_at timestamptz not null
    );
    create index service_relation_changes_relation on service_relation_changes (relation_id, changed_at desc, id desc);
    create index service_relation_changes_actor on service_relation_changes (actor_id);
  `)
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table service_relation_changes; drop table service_relation_businesses; drop table service_relations;
    drop function keep_relation_businesses(); drop function businesses_covered(uuid[]); drop type uuidrange;
  `)
}
