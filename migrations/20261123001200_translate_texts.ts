import type { Knex } from 'knex'

/** Ours, in English, as long as nobody has changed the Chinese words; the house's own are said in Chinese until somebody translates them. */
const OURS: readonly (readonly [zh: string, en: string])[] = [
  [
    '您好，{{minutes}} 分钟内没有收到您的消息，本次会话将自动结束。如需继续咨询，请直接回复。',
    'Hello, without a message from you this conversation ends in {{minutes}} minutes. Just answer if there is anything else.',
  ],
  [
    '由于长时间没有收到您的消息，本次会话已结束。您随时可以再联系我们。',
    'We have not heard from you for a while, so this conversation has ended. You can write to us again at any time.',
  ],
  ['感谢您的咨询，本次会话已结束。', 'Thank you for contacting us. This conversation has ended.'],
  ['请为本次服务评价，您的意见会帮助我们改进。', 'How was our service? Your answer helps us to improve.'],
  [
    '很抱歉没能让您满意，您的意见我们已收到，主管会跟进。',
    'We are sorry that we did not meet your expectations. A supervisor will look into it.',
  ],
  ['感谢您的评价，我们会继续改进。', 'Thank you for your rating. We will keep improving.'],
  ['感谢您的好评，祝您生活愉快！', 'Thank you for the kind rating, and have a nice day!'],
  [
    '感谢您的反馈。本次评价已结束，如还有问题请直接留言。',
    'Thank you for your feedback. This rating is closed; if there is anything else, just write to us.',
  ],
]

const TABLES = ['conversation_rules', 'rating_settings'] as const

/** What customers get by itself at the end of a conversation is said in their language. */
export async function up(knex: Knex): Promise<void> {
  for (const table of TABLES)
    await knex.raw(
      `update ${table} set texts = coalesce((
         select jsonb_object_agg(t.key, jsonb_build_object('zh', t.value, 'en', coalesce(o.en, '')))
         from jsonb_each_text(texts) t left join json_to_recordset(?::json) as o(zh text, en text) on o.zh = t.value), '{}')`,
      [JSON.stringify(OURS.map(([zh, en]) => ({ zh, en })))],
    )
}

export async function down(knex: Knex): Promise<void> {
  for (const table of TABLES)
    await knex.raw(`update ${table} set texts = coalesce((select jsonb_object_agg(key, value -> 'zh') from jsonb_each(texts)), '{}')`)
}
