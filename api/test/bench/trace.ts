/** What Chromium's own performance trace says of the page's main thread and of its frames. */
import type { CDPSession } from 'playwright-core'
import { z } from 'zod'

const CATEGORIES = ['disabled-by-default-devtools.timeline', 'disabled-by-default-devtools.timeline.frame', '__metadata']
const reporterSchema = z.object({ state: z.string(), affects_smoothness: z.boolean().default(false) }).optional()

const eventSchema = z.object({
  name: z.string(),
  ph: z.string(),
  pid: z.number(),
  tid: z.number(),
  ts: z.number().default(0),
  /** Microseconds it took, and of these on a processor. */
  dur: z.number().optional(),
  tdur: z.number().optional(),
  args: z
    .object({
      name: z.string().optional(),
      // Its name before Chromium 130 and since.
      chrome_frame_reporter: reporterSchema,
      frame_reporter: reporterSchema,
    })
    .catch({}),
})
type TraceEvent = z.output<typeof eventSchema>

export interface Traced {
  /** Each task of the page's main thread, in ms of processor time: what else the machine does meanwhile is not the page's fault. */
  tasks: number[]
  /** The same by the clock. */
  tasksByClock: number[]
  /** Frames that reached the screen, and those that did not although something moved. */
  shown: number
  dropped: number
}

/** Runs `work` under a trace of the whole browser. */
export async function trace(devtools: CDPSession, work: () => Promise<void>): Promise<Traced> {
  const events: TraceEvent[] = []
  const collect = ({ value }: { value: unknown[] }) => void events.push(...value.map((each) => eventSchema.parse(each)))
  devtools.on('Tracing.dataCollected', collect)
  await devtools.send('Tracing.start', { transferMode: 'ReportEvents', traceConfig: { includedCategories: CATEGORIES } })
  try {
    await work()
  } finally {
    const complete = new Promise<void>((resolve) => devtools.once('Tracing.tracingComplete', () => resolve()))
    await devtools.send('Tracing.end')
    await complete
    devtools.off('Tracing.dataCollected', collect)
  }
  return read(events)
}

function read(events: readonly TraceEvent[]): Traced {
  const mains = new Set(
    events.filter(({ name, args }) => name === 'thread_name' && args.name === 'CrRendererMain').map(({ pid, tid }) => `${pid} ${tid}`),
  )
  const tasks = events.filter(({ name, ph, pid, tid }) => name === 'RunTask' && ph === 'X' && mains.has(`${pid} ${tid}`))
  const frames = events.flatMap(({ name, args }) =>
    name === 'PipelineReporter' ? (args.frame_reporter ?? args.chrome_frame_reporter ?? []) : [],
  )
  return {
    tasks: tasks.map(({ tdur = 0 }) => tdur / 1000),
    tasksByClock: tasks.map(({ dur = 0 }) => dur / 1000),
    shown: frames.filter(({ state }) => state.startsWith('STATE_PRESENTED')).length,
    dropped: frames.filter((frame) => frame.state === 'STATE_DROPPED' && frame.affects_smoothness).length,
  }
}
