import { onBeforeUnmount, onMounted, ref, shallowRef, watch, type Ref, type ShallowRef } from 'vue'
import type { Alert, AgentFigures, Board } from '#api/contract/supervision.ts'
import { failureCode, type FailureCode } from '../../api/http.ts'
import { type BoardFilter, fetchBoard, fetchFigures } from '../../api/supervision.ts'
import { useRealtime } from '../../realtime/realtime.ts'

/** Without a word from the server for so long the board is fetched all the same. */
const AT_LEAST_EVERY_MS = 30_000
const FIGURES_EVERY_MS = 15_000

export interface LiveBoard {
  board: ShallowRef<Board | null>
  figures: ShallowRef<ReadonlyMap<string, AgentFigures>>
  failed: Ref<FailureCode | null>
  /** What is on screen may be old: the last look failed. */
  stale: Ref<boolean>
  reload: () => Promise<void>
}

/** The board as it is now: fetched, and fetched again whenever the server says that it changed, after every reconnect, and now and then anyway. */
export const useBoard = (filter: () => BoardFilter, onAlert: (alert: Alert) => void = () => undefined): LiveBoard => {
  const realtime = useRealtime()
  const board = shallowRef<Board | null>(null)
  const figures = shallowRef<ReadonlyMap<string, AgentFigures>>(new Map())
  const failed = ref<FailureCode | null>(null)
  const stale = ref(false)
  let running = false
  let again = false

  const look = async (): Promise<void> => {
    const wanted = filter()
    try {
      const found = await fetchBoard(wanted)
      if (JSON.stringify(wanted) === JSON.stringify(filter())) board.value = found
      failed.value = null
      stale.value = false
    } catch (error) {
      failed.value = failureCode(error)
      stale.value = board.value !== null
    }
  }
  /** One question at a time; what is heard meanwhile asks once more. */
  const reload = async (): Promise<void> => {
    if (running) {
      again = true
      return
    }
    running = true
    do {
      again = false
      await look()
      // eslint-disable-next-line @typescript-eslint/no-unnecessary-condition -- set by who asks while this one waits
    } while (again)
    running = false
  }
  const loadFigures = async (): Promise<void> => {
    const found = await fetchFigures(filter().teamId).catch(() => null)
    if (found !== null) figures.value = new Map(found.map((each) => [each.accountId, each]))
  }
  const start = (): void => {
    realtime.send({ name: 'supervision.watch', payload: {} })
    void reload()
  }
  const silence = realtime.hear((event) => {
    if (event.type === 'supervision.changed' && event.revision !== board.value?.revision) void reload()
    if (event.type === 'supervision.alert') {
      onAlert(event.patch.alert)
      void reload()
    }
  }, start)
  const timers = [setInterval(() => void reload(), AT_LEAST_EVERY_MS), setInterval(() => void loadFigures(), FIGURES_EVERY_MS)]
  watch(filter, () => {
    void reload()
    void loadFigures()
  })
  onMounted(() => {
    start()
    void loadFigures()
  })
  onBeforeUnmount(() => {
    silence()
    timers.forEach(clearInterval)
    realtime.send({ name: 'supervision.unwatch', payload: {} })
  })
  return { board, figures, failed, stale, reload }
}
