/** The tickets of some years: titles as people write them, statuses, people, promises and clocks in shares as in life. */
import type { Client } from 'pg'
import { idOf, withoutIndexes } from './many-customers.ts'

export interface Desk {
  tickets: number
  /** Of these, not over; the younger a ticket, the likelier. */
  open: number
  /** Over which they came in. */
  days: number
  /** As `fill` of `many-customers.ts` made them. */
  customers: number
  agentIds: readonly string[]
  /** Each agent is a member of the team with his number, modulo the number of teams. */
  teamIds: readonly string[]
  channels: { official: string; web: string }
}

const THINGS = '订单 发票 物流 退款 会员卡 优惠券 安装 维修 账号 合同 保修 配件 收货地址 支付 换货 押金 积分 预约 报价 说明书'.split(' ')
const TROUBLES =
  '迟迟没有到账 信息填写错误 需要重新开具 状态一直不更新 客户要求加急处理 无法提交 与描述不符 被重复扣除 已超过承诺时间 想要取消 查询不到记录 需要上门处理 催促第二次 金额不一致 客户表示不满意'.split(
    ' ',
  )
const PLACES = '北京 上海 广州 深圳 成都 杭州 武汉 西安 南京 重庆 苏州 天津 长沙 郑州 青岛 沈阳 宁波 昆明 合肥 福州'.split(' ')
const TAGS = 'VIP 加急 二次投诉 发票 退款 物流 质量 安装 续费 合同 渠道商 返修 待回访 大客户 敏感 舆情 海外 企业 个人 试用'.split(' ')

const LARGE = ['tickets', 'ticket_watchers', 'ticket_dues', 'sla_clocks']

/** Fills a database that has its customers, and leaves it as its own upkeep would. */
export async function fillTickets(client: Client, desk: Desk): Promise<void> {
  const lists = { things: THINGS, troubles: TROUBLES, places: PLACES, marks: TAGS, agents: desk.agentIds, teams: desk.teamIds }
  for (const [name, values] of Object.entries(lists))
    await client.query(
      `create temp table the_${name} as select (ordinality - 1)::int as place, value from unnest($1::text[]) with ordinality as t(value)`,
      [values],
    )
  const sized = (sql: string) =>
    sql
      .replaceAll(':tickets', String(desk.tickets))
      .replaceAll(':open', String(desk.open))
      .replaceAll(':days', String(desk.days))
      .replaceAll(':customers', String(desk.customers))
      .replaceAll(':official', `'${desk.channels.official}'::uuid`)
      .replaceAll(':web', `'${desk.channels.web}'::uuid`)
  await client.query(`select set_config('session_replication_role', 'replica', false) from pg_roles where rolname = current_user and rolsuper`)
  await client.query(sized(WORK))
  await withoutIndexes(client, LARGE, async () => {
    await client.query(sized(ROWS))
    await client.query(WATCHERS)
    await client.query(CLOCKS)
    await client.query(DUES)
  })
  await client.query('reset session_replication_role')
  for (const table of LARGE) await client.query(`vacuum analyze ${table}`)
}

const count = (table: string) => `(select count(*)::int from the_${table})`
const oneOf = (table: string, random: string) => `(select value from the_${table} x where x.place = floor(${random} * ${count(table)})::int)`

/** What chance decides of each. `age`: 0 for the newest. `setseed`: the same tickets each time. */
const WORK = `
  select setseed(0.23);
  create temp table kinds as select (row_number() over (order by position) - 1)::int as place, id from ticket_types;
  create temp table work as
    select n, :tickets - n as age, now() - (:tickets - n + random()) * (:days * interval '1 day' / :tickets) as created,
           case when random() < 0.05 then null else floor(power(random(), 1.5) * ${count('teams')})::int end as team,
           floor(power(random(), 1.5) * (select count(*) from kinds))::int as kind, floor(random() * 10)::int as mate,
           1 + floor(power(random(), 2) * :customers)::int as customer, false as open, 'closed' as status,
           random() as r1, random() as r2, random() as r3, random() as r4, random() as r5, random() as r6, random() as r7
    from generate_series(1, :tickets) n;
  update work set open = true where :open >= :tickets or (age < 2 * :open and random() > age / (2.0 * :open));
  update work set status = case when not open then case when age < :tickets / 12 and r1 < 0.4 then 'resolved' else 'closed' end
    when :open >= :tickets then 'in_progress' when r1 < 0.02 then 'new' when r1 < 0.12 then 'unassigned' when r1 < 0.58 then 'in_progress' when r1 < 0.78 then 'waiting_customer'
    when r1 < 0.9 then 'on_hold' else 'awaiting_confirmation' end;
  create index on work (n); analyze work;`

/** How far from its beginning to now a ticket was last touched: what is over within days, what is open at any time. */
const TOUCHED = `least(now() - (r4 * interval '3 minutes'), created + case when open then r2 * (now() - created) else r2 * interval '9 days' end)`
const WAITS = `status in ('new', 'unassigned')`
const RUNS = `(status in ('new', 'unassigned', 'in_progress'))`
/** Most promises lie ahead, one of seven is broken. */
const DUE = `now() + (r5 - 0.15) * interval '6 days'`

const ROWS = `
  insert into tickets (id, number, title, type_id, priority, status, status_since, team_id, assignee_id, assigned_at, seen_at, customer_id,
                       channel_account_id, source, tags, watcher_ids, escalation_level, urges, last_urged_at, next_due_at, next_due_clock, sla_state,
                       sla_left_seconds, breached, first_replied_at, resolved_at, closed_at, created_by, created_at, updated_at, last_activity_at)
    select ${idOf('5000', 'n')},
           to_char(created at time zone 'Asia/Shanghai', 'YYYYMMDD') || '-' ||
             lpad(nth::text, greatest(4, length(nth::text)), '0'),
           ${oneOf('places', 'r3')} || '客户' || ${oneOf('things', 'r4')} || ${oneOf('troubles', 'r5')} || '（' || (n::bigint * 7919 % 1000000) || '）',
           k.id, case when r7 < 0.06 then 'urgent' when r7 < 0.22 then 'high' when r7 < 0.85 then 'normal' else 'low' end, status, ${TOUCHED},
           t.value::uuid, a.value::uuid, case when a.value is not null then created + r6 * (${TOUCHED} - created) end,
           case when r3 < 0.9 then ${TOUCHED} end,
           case when r4 < 0.9 then ${idOf('1000', 'customer')} end,
           case when r4 < 0.6 then :official when r4 < 0.9 then :web end,
           case when r4 < 0.55 then 'conversation' when r4 < 0.75 then 'customer' when r4 < 0.9 then 'off_hours' when r4 < 0.97 then 'hand' else 'api' end,
           case when r6 < 0.5 then array(select distinct value from the_marks x where x.place in
             (floor(power(r1, 2) * ${count('marks')})::int, floor(power(r5, 2) * ${count('marks')})::int)) else '{}' end,
           case when r6 < 0.02 then array[(select value::uuid from the_agents x where x.place = n % ${count('agents')})] else '{}' end,
           case when r1 > 0.97 then 1 + (n % 3) else 0 end, case when r2 > 0.97 then 1 else 0 end, case when r2 > 0.97 then ${TOUCHED} end,
           case when open and ${RUNS} then ${DUE} end, case when open then 'resolution' end,
           case when not open then 'fulfilled' when not ${RUNS} then 'paused' when ${DUE} < now() then 'breached' else 'running' end,
           case when open and not ${RUNS} then floor(r5 * 90000)::int end,
           case when open and ${RUNS} then ${DUE} < now() else r5 < 0.08 end,
           case when r3 < 0.8 then created + r3 * (${TOUCHED} - created) end,
           case when not open then ${TOUCHED} end, case when status = 'closed' then ${TOUCHED} end,
           case when r4 < 0.55 or r4 >= 0.9 then (select value::uuid from the_agents x where x.place = n / 3 % ${count('agents')}) end,
           created, ${TOUCHED}, ${TOUCHED}
    from (select *, row_number() over (partition by (created at time zone 'Asia/Shanghai')::date order by n) as nth from work) work join kinds k on k.place = kind left join the_teams t on t.place = team
         left join the_agents a on not ${WAITS} and a.place = (coalesce(team, n % ${count('teams')}) + mate * ${count('teams')}) % ${count('agents')};`

const WATCHERS = `
  insert into ticket_watchers (ticket_id, account_id) select id, unnest(watcher_ids) from tickets where watcher_ids <> '{}';`

const DUES = `insert into ticket_dues (ticket_id, due_at) select id, next_due_at from tickets where next_due_at is not null;`

/** Of what is open: one for the solution, and for every fifth the answer. */
const CLOCKS = `
  insert into sla_clocks (id, ticket_id, clock, cycle, policy_id, calendar_id, target_seconds, started_at, state, paused_at, due_at, breached_at,
                          done_percent, timer_at)
    select gen_random_uuid(), t.id, c.clock, 1, p.id, m.calendar_id, c.minutes * 60, t.created_at,
           case when t.sla_state = 'paused' then 'paused' else 'running' end, case when t.sla_state = 'paused' then t.status_since end, t.next_due_at,
           case when t.next_due_at < now() then t.next_due_at end, case when t.next_due_at < now() then 150 else 75 end,
           case when t.next_due_at >= now() then t.next_due_at end
    from tickets t left join teams m on m.id = t.team_id
         cross join (select id, targets from sla_policies where removed_at is null order by position limit 1) p
         cross join lateral (values ('resolution', (p.targets -> t.priority ->> 'resolution')::int),
                                    ('first_response', (p.targets -> t.priority ->> 'first_response')::int)) c(clock, minutes)
    where t.closed_at is null and t.resolved_at is null and (c.clock = 'resolution' or (t.first_replied_at is null and t.customer_id is not null));`
