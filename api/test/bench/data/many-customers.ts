/** A house of some years: as many customers as one likes with names that repeat as in life, tags, institutions, agents, and what they wrote. */
import { pinyin } from 'pinyin-pro'
import type { Client } from 'pg'
import { z } from 'zod'

const TAGS = 100
const INSTITUTIONS = 20_000

const SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗梁宋郑谢韩唐冯于董萧程曹袁邓许傅沈曾彭吕苏卢蒋蔡贾丁魏薛叶阎余潘杜戴夏钟汪田任姜范方石姚谭廖邹熊金陆郝孔白崔康毛邱秦江史顾侯邵孟龙万段雷钱汤尹黎易常武乔贺赖龚文'
const GIVEN = '伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红建国文辉力健俊帆雪荣爱妹香月莺媛瑞凡佳嘉琼勤珍贞莉晨思梦雨欣子轩浩宇博涵雅诗婷晓东海波宁贵福生龙元全胜学祥才发武新利清飞彬富顺信志刚山仁亮政谦亨奇固之轮翰朗伯宏言若鸣朋斌梁栋维启克伦翔旭鹏泽辰士以建家致树炎德行时泰盛雄琛钧冠策腾楠榕风航弘'

const sound = (letter: string) => pinyin(letter, { toneType: 'none', type: 'array', v: true })[0] ?? letter
const lettersOf = (letters: string) => [...new Set(letters)].map((letter, place) => ({ place, letter, sound: sound(letter) }))

/** Of every index but those behind constraints: built after the rows, as a restore does. */
const indexes = z.array(z.object({ indexname: z.string(), indexdef: z.string() }))
export async function withoutIndexes(client: Client, tables: readonly string[], work: () => Promise<void>): Promise<void> {
  const found = await client.query(
    `select indexname, indexdef from pg_indexes i where tablename = any($1) and schemaname = 'public'
     and not exists (select 1 from pg_constraint c where c.conname = i.indexname)`,
    [tables],
  )
  const dropped = indexes.parse(found.rows)
  for (const { indexname } of dropped) await client.query(`drop index ${indexname}`)
  await work()
  for (const { indexdef } of dropped) await client.query(indexdef)
}

const LARGE = ['customers', 'customer_identities', 'customer_tag_links', 'conversations', 'institutions']

export interface House {
  customers: number
  /** Accounts that serve them. */
  agentIds: readonly string[]
  /** Accounts of the kinds `wechat-official` and `web`. */
  channels: { official: string; web: string }
}

/** Fills an empty database by statements over whole sets, and leaves it as its own upkeep would. */
export async function fill(client: Client, { customers, agentIds, channels }: House): Promise<void> {
  const size = (sql: string) => sql.replaceAll(':customers', String(customers)).replaceAll(':hired', String(agentIds.length))
  await client.query(`set synchronous_commit = off; set maintenance_work_mem = '256MB'`)
  await client.query(UNCHECKED)
  await client.query(`create temp table surnames (place int, letter text, sound text); create temp table given (place int, letter text, sound text)`)
  for (const [table, letters] of Object.entries({ surnames: SURNAMES, given: GIVEN }))
    await client.query(`insert into ${table} select * from json_to_recordset($1) as t(place int, letter text, sound text)`, [
      JSON.stringify(lettersOf(letters)),
    ])
  await client.query(`create temp table agents as select (ordinality - 1)::int as place, id from unnest($1::uuid[]) with ordinality as t(id)`, [
    agentIds,
  ])
  await withoutIndexes(client, LARGE, async () => {
    await client.query(SMALL_TABLES)
    await client.query(size(PEOPLE))
    await client.query(size(REST).replaceAll(':official', `'${channels.official}'`).replaceAll(':web', `'${channels.web}'`))
  })
  await client.query('reset session_replication_role')
  for (const table of [...LARGE, 'customer_tags', 'dictionary_entries']) await client.query(`vacuum analyze ${table}`)
}

export const idOf = (kind: string, number: string) => `('0193${kind}-0000-7000-8000-' || lpad(to_hex(${number}), 12, '0'))::uuid`

/** The references hold by construction; where one may, ten million of them are not asked again. */
const UNCHECKED = `
  select set_config('session_replication_role', 'replica', false) from pg_roles where rolname = current_user and rolsuper;`

const SMALL_TABLES = `
  insert into dictionary_entries (id, dictionary, code, label_zh, label_en, position)
    select ${idOf('0001', 'n')}, 'customer_level', 'bench_' || n, 'L' || n, 'L' || n, 1000 + n from generate_series(0, 3) n
    union all select ${idOf('0002', 'n')}, 'region', 'bench_' || n, 'R' || n, 'R' || n, 1000 + n from generate_series(0, 33) n;
  insert into customer_tags (id, name, color) select ${idOf('0003', 'n')}, '标签' || n, '#2f6fed' from generate_series(0, ${TAGS - 1}) n;
  insert into institutions (id, name, name_search, name_sort)
    select ${idOf('0004', 'n')}, name, array_to_tsvector(array[name, substr(name, 2), substr(name, 3), substr(name, 4)]), 'yuan' || n
    from (select n, (select letter from given where place = n % 130) || (select letter from given where place = n / 130 % 130) || '科技' || n as name
          from generate_series(0, ${INSTITUTIONS - 1}) n) t;`

/** Few surnames belong to many: the share of each falls with its rank. `setseed`: the same people each time. */
const PEOPLE = `
  select setseed(0.42);
  create temp table people as
    select n, floor(power(random(), 2.2) * (select count(*) from surnames))::int as s, floor(random() * (select count(*) from given))::int as a,
           floor(random() * (select count(*) from given))::int as b, random() as r1, random() as r2, random() as r3, random() as r4, random() as r5
    from generate_series(1, :customers) n;
  insert into customers (id, name, status, institution_id, owner_id, level_id, region_id, fields, archived_at, last_contact_at, created_at,
                         name_sort, name_search)
    select ${idOf('1000', 'p.n')}, s.letter || a.letter || b.letter,
           case when p.r1 < 0.4 then 'formal' else 'temporary' end,
           case when p.r1 < 0.4 then ${idOf('0004', `floor(power(p.r2, 2) * ${INSTITUTIONS})::int`)} end,
           case when p.r3 < 0.3 then g.id end,
           case when p.r4 < 0.5 then ${idOf('0001', 'floor(power(p.r5, 4) * 4)::int')} end,
           case when p.r5 < 0.7 then ${idOf('0002', 'floor(p.r2 * 34)::int')} end,
           case when p.r2 < 0.3 then jsonb_build_object('contract', 'C' || p.n, 'plan', case when p.r4 < 0.1 then 'gold' else 'silver' end)
                else '{}' end,
           case when p.r3 > 0.97 then now() end,
           case when p.r1 < 0.7 then now() - (:customers - p.n) * p.r2 * interval '90 seconds' end,
           now() - (:customers - p.n) * interval '95 seconds',
           s.sound || a.sound || b.sound || ' ' || s.letter || a.letter || b.letter,
           array_to_tsvector(array[s.letter || a.letter || b.letter, a.letter || b.letter, b.letter, s.sound || a.sound || b.sound, a.sound || b.sound,
             b.sound, left(s.sound, 1) || left(a.sound, 1) || left(b.sound, 1), left(a.sound, 1) || left(b.sound, 1), left(b.sound, 1)])
    from people p join surnames s on s.place = p.s join given a on a.place = p.a join given b on b.place = p.b
         join agents g on g.place = p.n % :hired;`

const REST = `
  insert into customer_identities (id, customer_id, channel_account_id, kind, value, profile_fetched_at, first_seen_at)
    select ${idOf('2000', 'n')}, ${idOf('1000', 'n')}, case when r4 < 0.8 then :official::uuid else :web::uuid end,
           case when r4 < 0.8 then 'wechat-official' when r4 < 0.9995 then 'web' else 'wecom' end, 'o' || n, now(), now() from people
    union all
    select ${idOf('3000', 'n')}, ${idOf('1000', 'n')}, null, 'phone', '+861' || (3000000000 + n::bigint * 7919 % 6000000000)::text, now(), now()
      from people where r5 < 0.6;
  insert into customer_tag_links (customer_id, tag_id)
    select distinct ${idOf('1000', 'n')}, ${idOf('0003', `floor(power(r, 3) * ${TAGS})::int`)}
    from (select n, r1 as r from people where r2 < 0.6 union all select n, r3 from people where r4 < 0.5 union all select n, r5 from people where r1 < 0.3) t;
  insert into conversations (id, status, customer_id, identity_id, channel_account_id, assignee_id, last_seq, last_message_at, queued_at, opened_at,
                             closed_at, created_at)
    select ${idOf('4000', 'n')}, case when n % 5000 = 0 then 'queued' when n % 1000 = 0 then 'open' else 'closed' end, ${idOf('1000', 'n')},
           ${idOf('2000', 'n')}, case when r4 < 0.8 then :official::uuid else :web::uuid end,
           case when n % 5000 = 0 then null else (select id from agents where place = n / 7 % :hired) end, 2, now(), now(), now(),
           case when n % 1000 = 0 then null else now() end, now() - (:customers - n) * interval '95 seconds'
    from people where r1 < 0.3;`
