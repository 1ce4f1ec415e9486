import { onScopeDispose } from 'vue'

const SETTLED_MS = 2000

/**
 * Asks again a little after something was heard: once for all that came meanwhile, however often it comes.
 * @param resting while true nothing is asked, and the screen stays as it is
 */
export const useSettled = (ask: () => Promise<void>, resting: () => boolean = () => false): (() => void) => {
  let timer: ReturnType<typeof setTimeout> | undefined
  let due = false
  let gone = false
  const run = async (): Promise<void> => {
    if (!resting()) {
      due = false
      await ask()
    }
    timer = undefined
    if (due) soon()
  }
  const soon = (): void => {
    due = true
    if (!gone) timer ??= setTimeout(() => void run(), SETTLED_MS)
  }
  onScopeDispose(() => {
    gone = true
    clearTimeout(timer)
  })
  return soon
}
