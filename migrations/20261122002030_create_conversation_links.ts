import type { Knex } from 'knex'

/** Conversations merged and split (BP-004). Messages never move: a merge is a link, a split refers to messages where they stand. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table conversation_links (
      id uuid primary key,
      kind text not null check (kind in ('merge', 'split')),
      from_id uuid not null references conversations (id),
      into_id uuid not null references conversations (id),
      linked_by uuid not null references accounts (id),
      linked_at timestamptz not null,
      -- Merging: who held the one that went into the other, when it was still open. Undoing gives it back to him.
      from_assignee_id uuid references accounts (id),
      from_was_open boolean not null,
      undone_at timestamptz,
      undone_by uuid references accounts (id),
      check (from_id <> into_id),
      check ((undone_at is null) = (undone_by is null))
    );
    -- One goes into another at most once at a time; a split has one origin.
    create unique index conversation_links_merged on conversation_links (from_id) where kind = 'merge' and undone_at is null;
    create unique index conversation_links_split on conversation_links (into_id) where kind = 'split';
    create index conversation_links_from on conversation_links (from_id, linked_at desc, id desc);
    create index conversation_links_into on conversation_links (into_id, linked_at desc, id desc);
    create index conversation_links_by on conversation_links (linked_by);
    create index conversation_links_assignee on conversation_links (from_assignee_id) where from_assignee_id is not null;
    create index conversation_links_undone_by on conversation_links (undone_by) where undone_by is not null;

    create table conversation_references (
      conversation_id uuid not null references conversations (id),
      source_id uuid not null,
      source_seq int not null,
      primary key (conversation_id, source_id, source_seq),
      foreign key (source_id, source_seq) references messages (conversation_id, seq)
    );
    create index conversation_references_source on conversation_references (source_id, source_seq);

    alter table conversations add column merged_into uuid references conversations (id);
    alter table conversations add column split_from uuid references conversations (id);
    create index conversations_merged_into on conversations (merged_into) where merged_into is not null;
    create index conversations_split_from on conversations (split_from) where split_from is not null;
    alter table conversations drop constraint conversations_kind_check;
    alter table conversations add constraint conversations_kind_check check (kind in ('direct', 'stream', 'split')) not valid;
    alter table conversations validate constraint conversations_kind_check;
    -- A customer's page goes through his own conversations; what staff parted is theirs.
    create index conversations_identity_direct on conversations (identity_id, created_at desc, id desc) where kind = 'direct';
  `)
}

export async function down(knex: Knex): Promise<void> {
  // The links and references go, the messages stay; a split one that was open ends, for it would be a second open one of its customer.
  await knex.raw(`
    drop index conversations_identity_direct;
    update conversations set status = 'closed', closed_at = app_now(), close_reason = 'other' where kind = 'split' and status <> 'closed';
    update conversations set kind = 'direct' where kind = 'split';
    alter table conversations drop constraint conversations_kind_check;
    alter table conversations add constraint conversations_kind_check check (kind in ('direct', 'stream'));
    alter table conversations drop column merged_into, drop column split_from;
    drop table conversation_references; drop table conversation_links;
  `)
}
