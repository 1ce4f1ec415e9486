/** The list of customers over a million of them: any filter, any order, searches and counts, beside a bare indexed query. */
import { Client } from 'pg'
import { percentile } from '../statistics.ts'
import { doorsSchema, measure, type Question, timed } from '../asking.ts'
import { SEGMENTS } from '../data/segment-questions.ts'
import type { Case, Figure } from '../measurements.ts'

type Reader = 'admin' | 'agent'

const id = (kind: string, number: number) => `0193${kind}-0000-7000-8000-${number.toString(16).padStart(12, '0')}`
const level = (turn: number) => id('0001', turn % 4)
const region = (turn: number) => id('0002', turn % 34)
const tag = (turn: number) => id('0003', turn % 100)
const institution = (turn: number) => id('0004', (turn * 997) % 20_000)
const daysAgo = (days: number) => new Date(Date.now() - days * 86_400_000).toISOString()
const json = (value: object) => encodeURIComponent(JSON.stringify(value))

const FILTERS: readonly [title: string, filter: (turn: number) => string][] = [
  ['no filter', () => ''],
  ['status', (turn) => `status=${turn % 2 ? 'formal' : 'temporary'}`],
  ['institution', (turn) => `institutionId=${institution(turn)}`],
  ['no institution', () => 'institutionId=none'],
  ['owner', () => 'ownerId=none'],
  ['level', (turn) => `levelId=${level(turn)}`],
  ['region', (turn) => `regionId=${region(turn)}`],
  ['common channel', () => 'channelKind=web'],
  ['rare channel', () => 'channelKind=wecom'],
  ['a tag', (turn) => `tagsAny=${tag(turn)}`],
  ['any of three tags', (turn) => `tagsAny=${tag(turn)},${tag(turn + 31)},${tag(turn + 57)}`],
  ['two tags at once', (turn) => `tagsAll=${tag(turn)},${tag(turn * 7 + 40)}`],
  ['not that tag', (turn) => `tagsNone=${tag(turn % 3)}`],
  ['created in a month', (turn) => `createdFrom=${daysAgo(turn * 30 + 30)}&createdUntil=${daysAgo(turn * 30)}`],
  ['in touch before a year', (turn) => `lastContactUntil=${daysAgo(365 + turn)}`],
  ['rare field', (turn) => `fields=${json({ contract: `C${turn * 37}` })}`],
  ['common field', () => `fields=${json({ plan: 'silver' })}`],
  ['archived', () => 'archived=true'],
  ['level and region', (turn) => `levelId=${level(turn)}&regionId=${region(turn * 3)}`],
  ['tag, status and channel', (turn) => `tagsAll=${tag(turn)}&status=formal&channelKind=web`],
  // Nobody: the formal ones are those with an institution.
  [
    'what excludes itself',
    (turn) => `status=${turn % 2 ? 'formal' : 'temporary'}&${turn % 2 ? 'institutionId=none' : `institutionId=${institution(turn)}`}`,
  ],
]
const SORTS = ['last_contact', 'created', 'name']
const SEARCHES: readonly [title: string, words: readonly string[]][] = [
  ['a surname', ['王', '李', '诸', '袁', '刘']],
  ['a name', ['王伟', '李娜敏', '伟强', '张静丽', '陈佳']],
  ['full 拼音', ['wangwei', 'lina', 'zhangjing', 'chenjia', 'weiqiang']],
  ['initials', ['ww', 'lnm', 'zjl', 'x', 'wq']],
  ['the end of a number', ['8000', '1234', '81234', '00017919', '4321']],
  ['an institution', ['伟芳科技', '科技1', '敏丽', '强芳', '强伟科技12']],
  ['nothing that is there', ['诸葛孔明', 'qqqqq', '9999999999', 'zzz', '龘']],
]

const questions = (as: Reader): { list: Question[]; search: Question[]; count: Question[]; segment: Question[] } => ({
  list: FILTERS.flatMap(([title, filter]) =>
    SORTS.map((sort) => ({ title: `${title}, by ${sort}`, as, path: (turn: number) => `/customers?sort=${sort}&${filter(turn)}` })),
  ),
  search: SEARCHES.map(([title, words]) => ({
    title,
    as,
    path: (turn: number) => `/customers?q=${encodeURIComponent(words[turn % words.length] ?? '')}`,
  })),
  count: FILTERS.map(([title, filter]) => ({ title, as, path: (turn: number) => `/customers/count?${filter(turn)}` })),
  segment: SEGMENTS.map(([title, definition]) => ({
    title,
    as,
    path: () => '/segments/count',
    body: (turn: number) => ({ definition: definition(turn) }),
  })),
})

/** What the index alone can do: a page in the order it has, fetched by the driver. */
async function bare(databaseUrl: string, turns: number): Promise<number[]> {
  const client = new Client({ connectionString: databaseUrl })
  await client.connect()
  try {
    const times: number[] = []
    for (let turn = 0; turn < turns; turn++)
      times.push(
        await timed(() =>
          client.query('select * from customers where created_at < $1 order by created_at desc, id desc limit 31', [daysAgo(turn)]),
        ),
      )
    return times.slice(1)
  } finally {
    await client.end()
  }
}

export const customers: Case = {
  ids: ['customers'],
  async run({ services, start, rounds, say }) {
    const databaseUrl = await services.createDatabase('customers')
    say('customers: making a million of them, some minutes …')
    const child = start('customers-server.ts', {
      DATABASE_URL: databaseUrl,
      REDIS_URL: services.redisUrl,
      REDIS_PREFIX: 'bench-customers',
      DATA_DIR: services.folder,
    })
    const doors = await child.ask('doors', doorsSchema)
    const reference = percentile(await bare(databaseUrl, 200), 0.95)
    const figures: Figure[] = []
    for (const as of ['admin', 'agent'] as const) {
      const asked = questions(as)
      for (const [kind, most] of [
        ['list', 100],
        ['search', 150],
        ['count', 300],
        ['segment', 300],
      ] as const) {
        const { times, slowest } = await measure(doors, asked[kind], rounds * 5)
        const p95 = percentile(times, 0.95)
        say(`customers: ${kind} as ${as}: median ${percentile(times, 0.5).toFixed(1)} ms, p95 ${p95.toFixed(1)} ms; slowest p95:${slowest}`)
        const of = { product: p95, unit: 'ms p95' }
        figures.push({ ...of, id: `customers.${kind}.${as}`, title: `${kind} of a million`, reference: null, must: { atMost: most } })
        figures.push({ ...of, id: `customers.${kind}.${as}.bare`, title: 'beside a bare page of the index', reference, must: null })
      }
    }
    return figures
  },
}
