/** A million tickets, a tenth of them open: every list in every order, searches, counts, boards, warnings and ageing, by what each role may see. */
import { loadavg } from 'node:os'
import { encodeCursor } from '#api/core/cursor.ts'
import { doorsSchema, measure, type Question } from '../asking.ts'
import type { Case, Figure } from '../measurements.ts'
import { percentile } from '../statistics.ts'

const TICKETS = 1_000_000
const DESK = { DESK_TICKETS: String(TICKETS), DESK_OPEN: '100000', DESK_DAYS: '730', DESK_CUSTOMERS: '200000' }
const ROLES = ['admin', 'supervisor', 'agent'] as const
type Role = (typeof ROLES)[number]

const id = (kind: string, number: number) => `0193${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
const customer = (turn: number) => id('1000', 1 + ((turn * 997) % 200_000))
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const one = <T>(list: readonly [T, ...T[]], turn: number): T => list[turn % list.length] ?? list[0]
const q =
  (...words: readonly [string, ...string[]]) =>
  (turn: number) =>
    `q=${encodeURIComponent(one(words, turn))}`

type Asked = [title: string, query: (turn: number) => string]
const FILTERS: readonly Asked[] = [
  ['no filter', () => ''],
  ['open', () => 'status=open'],
  ['one open state', (turn) => `status=${one(['in_progress', 'waiting_customer', 'awaiting_confirmation', 'new'], turn)}`],
  ['resolved', () => 'status=resolved'],
  ['closed', () => 'status=closed'],
  ['unassigned', () => 'status=new,unassigned'],
  ['nobody’s', () => 'assigneeId=none&status=open'],
  ['mine', () => 'assigneeId=me&status=open'],
  ['ever mine', () => 'assigneeId=me'],
  ['made by me', () => 'createdById=me'],
  ['watched', () => 'watching=true'],
  ['unread', () => 'unread=true'],
  ['urgent and open', () => 'priority=urgent&status=open'],
  ['low', () => 'priority=low'],
  ['without a team', () => 'teamId=none'],
  ['rare source', () => 'source=api'],
  ['a customer’s', (turn) => `customerId=${customer(turn)}`],
  ['a tag', (turn) => `tag=${encodeURIComponent(one(['VIP', '试用', '质量', '渠道商'], turn))}`],
  ['a tag and open', (turn) => `tag=${encodeURIComponent(one(['VIP', '试用', '质量'], turn))}&status=open`],
  ['late', () => 'breached=true&status=open'],
  ['ever late', () => 'breached=true'],
  ['escalated', () => 'escalated=true'],
  ['urged and open', () => 'urged=true&status=open'],
  ['made in a month', (turn) => `createdFrom=${daysAgo(turn * 30 + 30)}&createdUntil=${daysAgo(turn * 30)}`],
  ['due within a day', () => `dueUntil=${daysAgo(-1)}`],
  ['several rare marks', () => 'source=api&priority=urgent&breached=true&escalated=true'],
  ['what excludes itself', (turn) => `status=closed&createdFrom=${daysAgo(1 + turn / 100)}&priority=low&source=api`],
]
const SORTS = ['-activity', '-created', 'created', 'due', 'priority', 'status_since'] as const

const SEARCHES: readonly Asked[] = [
  ['two characters, common', q('退款', '发票', '物流', '上海')],
  ['what every title has', q('客户')],
  ['two characters, rare', q('第二', '到账', '押金', '昆明')],
  ['three words in one', q('深圳客户积分', '上门处理', '会员卡被重复扣除', '昆明客户押金')],
  ['one character', q('退', '催', '沪', '广')],
  ['a figure in the title', q('791', '123456', '99999', '4711')],
  [
    'a number',
    (turn) =>
      q(
        `${daysAgo(200 + turn)
          .slice(0, 10)
          .replaceAll('-', '')}-0007`,
      )(turn),
  ],
  [
    'a day',
    (turn) =>
      q(
        daysAgo(100 + turn)
          .slice(0, 10)
          .replaceAll('-', ''),
      )(turn),
  ],
  ['a customer’s name', q('王伟', '李娜敏', '诸葛', '张静丽', '陈佳')],
  ['nothing that is there', q('龘', '诸葛孔明', 'qqqqq', '999999999')],
  ['a word among what is open', (turn) => `${q('押金', '合同', '到账')(turn)}&status=open`],
]

/** The last row of a page far from the beginning. */
const DEEP: Record<(typeof SORTS)[number], (turn: number) => string> = {
  '-activity': (turn) => encodeCursor(daysAgo(300 + turn), id('5000', 1)),
  '-created': (turn) => encodeCursor(daysAgo(300 + turn), id('5000', 1)),
  created: (turn) => encodeCursor(daysAgo(300 + turn), id('5000', 1)),
  due: (turn) => encodeCursor('infinity', id('5000', 500_000 + turn)),
  priority: (turn) => encodeCursor('3', id('5000', 500_000 + turn)),
  status_since: (turn) => encodeCursor(daysAgo(300 + turn), id('5000', 1)),
}

const GROUPS = ['status', 'assignee', 'team', 'priority'] as const
type Group = (typeof GROUPS)[number]
/** Plain, with each kind of lanes, and narrowed. */
const boardsBy = (group: Group): readonly Asked[] => [
  [`by ${group}`, () => `group=${group}`],
  ...(['assignee', 'team', 'priority', 'type'] as const)
    .filter((lanes) => lanes !== group)
    .map((lanes): Asked => [`by ${group}, lanes by ${lanes}`, () => `group=${group}&lanes=${lanes}`]),
  [`by ${group}, urgent and high`, () => `group=${group}&priority=urgent,high`],
  [`by ${group}, late`, () => `group=${group}&breached=true`],
  [`by ${group}, with a tag`, (turn) => `group=${group}&tag=${encodeURIComponent(one(['VIP', '试用', '质量'], turn))}`],
]

type Asking = (title: string, path: (turn: number) => string) => Question

/** What there is one figure for. */
function kindsFor(as: Role): Record<string, Question[]> {
  const ask: Asking = (title, path) => ({ title, as, path })
  const list = (sort: string, title: string, query: (turn: number) => string) =>
    ask(`${title}, by ${sort}`, (turn) => `/tickets?sort=${sort}&${query(turn)}`)
  return {
    'list.default': ['', 'status=open'].map((query) => ask(`as it opens ${query}`, () => `/tickets?${query}`)),
    ...Object.fromEntries(SORTS.map((sort) => [`list.${sort}`, FILTERS.map(([title, filter]) => list(sort, title, filter))])),
    'list.far': SORTS.flatMap((sort) =>
      ['', 'status=open', 'status=closed'].map((filter) => list(sort, `far ${filter}`, (turn) => `cursor=${DEEP[sort](turn)}&${filter}`)),
    ),
    warnings: [60, 480, 43_200].map((minutes) =>
      ask(`of ${minutes} minutes`, (turn) => `/tickets/sla-warnings?withinMinutes=${minutes - turn}`),
    ),
    search: SEARCHES.flatMap(([title, search]) => ['-activity', 'created'].map((sort) => list(sort, title, search))),
    'count.filters': FILTERS.map(([title, filter]) => ask(title, (turn) => `/tickets/counts?${filter(turn)}`)),
    'count.words': SEARCHES.map(([title, search]) => ask(title, (turn) => `/tickets/counts?${search(turn)}`)),
    ...Object.fromEntries(
      GROUPS.map((group) => [
        `board.${group}`,
        boardsBy(group).map(([title, query]) => ask(title, (turn) => `/tickets/board?${query(turn)}`)),
      ]),
    ),
    'board.more': [ask('more cards', () => '/tickets/board/cards?group=status&column=in_progress')],
    // Ageing is for those who hand out work.
    ageing: (as === 'agent' ? [] : ['team', 'assignee']).map((by) => ask(`by ${by}`, () => `/tickets/progress?by=${by}`)),
  }
}

const MOST_MS = 150
const ms = (value: number) => `${value.toFixed(0)} ms`

export const tickets: Case = {
  ids: ['tickets'],
  async run({ services, start, rounds, say }) {
    const databaseUrl = await services.createDatabase('tickets')
    say('tickets: making a million of them, some minutes …')
    const child = start('tickets-server.ts', {
      DATABASE_URL: databaseUrl,
      REDIS_URL: services.redisUrl,
      REDIS_PREFIX: 'bench-tickets',
      DATA_DIR: services.folder,
      ...DESK,
    })
    const doors = await child.ask('doors', doorsSchema)
    const figures: Figure[] = []
    const byRole = ROLES.map(kindsFor)
    for (const kind of Object.keys(kindsFor('admin'))) {
      const asked = byRole.flatMap((kinds) => kinds[kind] ?? [])
      const { times, best, slowest } = await measure(doors, asked, rounds * 3)
      const p95 = percentile(times, 0.95)
      const undisturbed = percentile(best, 0.95)
      say(
        `tickets: ${kind}: fastest ${ms(Math.min(...times))}, median ${ms(percentile(times, 0.5))}, p95 ${ms(p95)}, p95 of each at its best ${ms(undisturbed)}; ` +
          `load ${(loadavg()[0] ?? 0).toFixed(1)}; slowest p95:${slowest}`,
      )
      const title = `${kind} over ${TICKETS.toLocaleString('en')} tickets`
      const figure = { reference: null, unit: 'ms p95', must: { atMost: MOST_MS } }
      figures.push({ ...figure, id: `tickets.${kind}`, title, product: p95 })
      figures.push({ ...figure, id: `tickets.${kind}.best`, title: `${title}, each at its best`, product: undisturbed })
    }
    return figures
  },
}
