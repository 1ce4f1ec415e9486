/** The workbench in a real Chromium: how long it takes to open, and whether it stutters, by the browser's own performance trace. */
import type { CDPSession, Page } from 'playwright-core'
import { z } from 'zod'
import { freePort } from '../../../embedded/free-port.ts'
import { buildPages } from '../../../embedded/pages.ts'
import { launchBrowser } from '../../browser/launch.ts'
import { LONG, MANY } from '../data/one-desk.ts'
import type { Case, Figure } from '../measurements.ts'
import { median } from '../statistics.ts'
import { trace, type Traced } from '../trace.ts'

const deskSchema = z.object({ url: z.string(), username: z.string(), password: z.string() })
export type Desk = z.infer<typeof deskSchema>

const OPENINGS_A_ROUND = 4
/** As fast as a strong pull at the wheel: five screens a second. */
const PIXELS_PER_SECOND = 4000
const LONG_TASK_MS = 50

/**
 * In the page: looks once a frame, and says when the list, the newest message and the composer are in view. What is true after a frame was made is painted
 * with the next. Text, since what the loader makes of functions does not run in a page.
 */
const WATCH_OPENING = `{
  const isInView = (element) => {
    const box = element?.getBoundingClientRect()
    return box !== undefined && box.height > 0 && box.bottom > 0 && box.top < window.innerHeight
  }
  const isOpen = () =>
    document.querySelectorAll('[data-testid=conversation-row]').length >= 8 &&
    isInView(document.querySelector('[data-testid=message-bubble][data-seq="${MANY}"]')) &&
    isInView(document.querySelector('[data-testid=composer-input]'))
  const look = () => requestAnimationFrame(isOpen() ? () => (window.openedAt = performance.now()) : look)
  look()
}`

async function sitDown(page: Page, desk: Desk): Promise<void> {
  await page.goto(`${desk.url}/login`)
  await page.getByTestId('login-username').fill(desk.username)
  await page.getByTestId('login-password').fill(desk.password)
  await page.getByTestId('login-submit').click()
  await page.getByTestId('conversation-row').first().waitFor()
}

/** Ms from the beginning of the navigation. */
async function open(page: Page, desk: Desk): Promise<number> {
  await page.goto(`${desk.url}/workbench/${LONG}`, { waitUntil: 'commit' })
  const opened = await page.waitForFunction((): unknown => Reflect.get(window, 'openedAt'))
  return z.number().parse(await opened.jsonValue())
}

/** There and back, by the wheel, as a hand would. */
async function pull(
  devtools: CDPSession,
  page: Page,
  { selector, first, seconds }: { selector: string; first: 'up' | 'down'; seconds: number },
) {
  const box = await page.locator(selector).boundingBox()
  if (!box) throw new Error(`${selector} is not there`)
  const at = { x: box.x + box.width / 2, y: box.y + box.height / 2 }
  const distance = (PIXELS_PER_SECOND * seconds) / 2
  for (const sign of first === 'up' ? [1, -1] : [-1, 1])
    await devtools.send('Input.synthesizeScrollGesture', {
      ...at,
      yDistance: sign * distance,
      speed: PIXELS_PER_SECOND,
      gestureSourceType: 'mouse',
      preventFling: true,
    })
}

/** As many rows of nothing but text: what scrolling costs here and now. */
const BARE = `<div id="bare" style="height:100vh;overflow:auto">${Array.from({ length: 500 }, (_, row) => `<p>${row} 升降桌又停在半空了</p>`).join('')}</div>`

interface Scrolled {
  list: Traced[]
  timeline: Traced[]
  bare: Traced[]
}

async function scroll(devtools: CDPSession, page: Page, seconds: number): Promise<{ list: Traced; timeline: Traced; bare: Traced }> {
  // At rest: what comes after the opening (side panels, the first word of the socket) is not scrolling.
  await page.waitForLoadState('networkidle')
  const timeline = { selector: '[data-testid=timeline]', first: 'up' as const, seconds }
  const list = { selector: '.scroller:has([data-testid=conversation-row])', first: 'down' as const, seconds }
  const seen = {
    timeline: await trace(devtools, () => pull(devtools, page, timeline)),
    list: await trace(devtools, () => pull(devtools, page, list)),
  }
  await page.setContent(BARE)
  return { ...seen, bare: await trace(devtools, () => pull(devtools, page, { selector: '#bare', first: 'down', seconds })) }
}

const longest = (traces: readonly Traced[]): number => Math.max(...traces.flatMap(({ tasks }) => tasks))
const longByClock = (traces: readonly Traced[]): number =>
  traces.flatMap(({ tasksByClock }) => tasksByClock).filter((ms) => ms > LONG_TASK_MS).length
/** Of the frames that were due while something moved. */
const shownShare = (traces: readonly Traced[]): number => {
  const [shown, dropped] = [traces.reduce((sum, one) => sum + one.shown, 0), traces.reduce((sum, one) => sum + one.dropped, 0)]
  return shown + dropped === 0 ? 0 : (100 * shown) / (shown + dropped)
}

const figure = (id: string, title: string, product: number, more: Partial<Pick<Figure, 'reference' | 'must' | 'unit'>> = {}): Figure => ({
  id,
  title,
  product,
  reference: null,
  unit: 'ms',
  must: null,
  ...more,
})

function figuresOf(openings: readonly number[], opening: readonly Traced[], { list, timeline, bare }: Scrolled): Figure[] {
  const smooth = (id: string, title: string, traces: readonly Traced[]) => [
    figure(`${id}.task`, `longest task while ${title}, processor time`, longest(traces), { must: { atMost: LONG_TASK_MS } }),
    figure(`${id}.shown`, `frames shown of those due while ${title}, beside bare rows`, shownShare(traces), {
      reference: shownShare(bare),
      unit: '%',
      must: { atLeast: 0.9 },
    }),
    figure(`${id}.long`, `tasks over ${LONG_TASK_MS} ms by the clock, this machine included`, longByClock(traces), { unit: 'tasks' }),
  ]
  return [
    figure('workbench.open', 'navigation until list, newest message and composer are painted, median', median(openings)),
    figure('workbench.open.slowest', 'the slowest of them', Math.max(...openings), { must: { atMost: 1000 } }),
    figure('workbench.open.cpu', 'of it, processor time of the page’s main thread, median', median(opening.map(busy))),
    ...smooth('workbench.timeline', 'scrolling through ten thousand messages', timeline),
    ...smooth('workbench.list', 'scrolling through five hundred conversations', list),
  ]
}

const busy = ({ tasks }: Traced): number => tasks.reduce((sum, ms) => sum + ms, 0)

export const workbench: Case = {
  ids: ['workbench'],
  async run({ services, start, rounds, seconds, say }) {
    await buildPages({ log: say })
    const child = start('workbench-server.ts', {
      DATABASE_URL: await services.createDatabase('workbench'),
      REDIS_URL: services.redisUrl,
      REDIS_PREFIX: 'bench-workbench',
      DATA_DIR: `${services.folder}/workbench`,
      PORT: String(await freePort()),
    })
    const desk = await child.ask('desk', deskSchema)
    const browser = await launchBrowser()
    try {
      const page = await (await browser.newContext({ locale: 'zh-CN', viewport: { width: 1440, height: 900 } })).newPage()
      const devtools = await page.context().newCDPSession(page)
      await sitDown(page, desk)
      await page.addInitScript(WATCH_OPENING)
      // Once unmeasured: the scripts are in the browser's cache, as on any day but the first.
      await open(page, desk)
      const openings: number[] = []
      const opening: Traced[] = []
      const scrolled: Scrolled = { list: [], timeline: [], bare: [] }
      for (let round = 0; round < rounds; round++) {
        for (let time = 0; time < OPENINGS_A_ROUND; time++) {
          opening.push(await trace(devtools, async () => void openings.push(await open(page, desk))))
        }
        say(
          `  workbench    opened in ${openings
            .slice(-OPENINGS_A_ROUND)
            .map((ms) => ms.toFixed(0))
            .join(', ')} ms`,
        )
        const seen = await scroll(devtools, page, seconds)
        scrolled.list.push(seen.list)
        scrolled.timeline.push(seen.timeline)
        scrolled.bare.push(seen.bare)
      }
      return figuresOf(openings, opening, scrolled)
    } finally {
      await browser.close()
    }
  },
}
