import type { Knex } from 'knex'

type Reason = readonly [code: string, zh: string, en: string, level: 'low' | 'middle' | 'high']

/** What customers may tick beside their score, to begin with. */
const REASONS: readonly Reason[] = [
  ['slow_reply', '回复太慢', 'Slow to answer', 'low'],
  ['not_solved', '问题没有解决', 'Not solved', 'low'],
  ['unfriendly', '态度不好', 'Unfriendly', 'low'],
  ['unprofessional', '不够专业', 'Not knowledgeable', 'low'],
  ['partly_solved', '只解决了一部分', 'Solved in part', 'middle'],
  ['slow_process', '处理时间偏长', 'Took rather long', 'middle'],
  ['fast_reply', '回复及时', 'Quick to answer', 'high'],
  ['solved', '问题已解决', 'Solved', 'high'],
  ['friendly', '态度热情', 'Friendly', 'high'],
  ['professional', '专业细致', 'Knowledgeable', 'high'],
]

const TEXTS = {
  invite: '请为本次服务评价，您的意见会帮助我们改进。',
  thanksLow: '很抱歉没能让您满意，您的意见我们已收到，主管会跟进。',
  thanksMiddle: '感谢您的评价，我们会继续改进。',
  thanksHigh: '感谢您的好评，祝您生活愉快！',
  late: '感谢您的反馈。本次评价已结束，如还有问题请直接留言。',
}

/** How and when customers are asked (BP-004.9). The settings are one row; the first rule that fits a closed conversation decides. */
export async function up(knex: Knex): Promise<void> {
  await knex.raw(`
    create table rating_settings (
      only_row boolean primary key default true check (only_row),
      scale int not null default 5 check (scale in (3, 5)),
      expires_hours int not null default 48 check (expires_hours between 1 and 720),
      notify_low boolean not null default true,
      texts jsonb not null,
      version int not null default 1,
      updated_at timestamptz not null default app_now()
    );

    -- For which level of score a reason is offered.
    create table rating_reason_levels (
      entry_id uuid primary key references dictionary_entries (id),
      level text not null check (level in ('low', 'middle', 'high')),
      position int not null
    );

    create table rating_rules (
      id uuid primary key,
      name text not null check (length(name) between 1 and 60),
      close_reasons text[] not null default '{}',
      channel_account_ids uuid[] not null default '{}',
      team_ids uuid[] not null default '{}',
      invite boolean not null default true,
      enabled boolean not null default true,
      position int not null,
      version int not null default 1,
      created_at timestamptz not null default app_now(),
      updated_at timestamptz not null default app_now()
    );
    create unique index rating_rules_name on rating_rules (lower(name));
    create index rating_rules_order on rating_rules (position, id);
  `)
  await knex.raw(`insert into rating_settings (texts) values (?::jsonb)`, [JSON.stringify(TEXTS)])
  const reasons = REASONS.map(([code, zh, en, level], index) => ({ code, zh, en, level, position: index + 1 }))
  await knex.raw(
    `with given as (select * from json_to_recordset(?::json) as t(code text, zh text, en text, level text, position int)),
       made as (
         insert into dictionary_entries (id, dictionary, code, label_zh, label_en, position)
         select uuidv7(), 'rating_reason', code, zh, en, position from given returning id, code)
     insert into rating_reason_levels (entry_id, level, position)
     select made.id, given.level, given.position from made join given on given.code = made.code`,
    [JSON.stringify(reasons)],
  )
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    drop table rating_rules; drop table rating_reason_levels; drop table rating_settings;
    delete from dictionary_entries where dictionary = 'rating_reason';
  `)
}
