import { computed, ref, shallowRef } from 'vue'
import type { ComposerPickerHandle } from '../../../shared/composer-picker.ts'
import { useSession } from '../../../stores/session.ts'
import type { ComposerMode } from '../use-composer.ts'
import { PICKERS } from './pickers.ts'
import type { Typed } from './trigger.ts'

const MENTION = '@'

const isHandle = (component: unknown): component is ComposerPickerHandle =>
  typeof component === 'object' && component !== null && 'onKey' in component && typeof component.onKey === 'function'

/** What opens above the editor while one types: pickers of other features in an answer, colleagues in a note. */
export const useTyped = (mode: () => ComposerMode) => {
  const session = useSession()
  const typed = shallowRef<Typed | null>(null)
  /** Escape closes it until another trigger is typed. */
  const dismissed = ref(-1)
  const handle = shallowRef<ComposerPickerHandle | null>(null)

  const usable = computed(() => PICKERS.filter(({ picker }) => picker.permission === undefined || session.can(picker.permission)))
  const triggers = computed(() =>
    mode() === 'note' ? [MENTION] : mode() === 'reply' ? usable.value.map(({ picker }) => picker.trigger) : [],
  )
  const shown = computed(() => (typed.value !== null && typed.value.start !== dismissed.value ? typed.value : null))
  const picker = computed(() =>
    mode() === 'reply' && shown.value !== null ? usable.value.find(({ picker: one }) => one.trigger === shown.value?.trigger) : undefined,
  )
  const mentioning = computed(() => mode() === 'note' && shown.value?.trigger === MENTION)

  const set = (next: Typed | null): void => {
    if (next === null || next.start !== dismissed.value) dismissed.value = -1
    typed.value = next
  }
  const dismiss = (): void => void (dismissed.value = typed.value?.start ?? -1)
  /** Keys go to what is open above the text first. */
  const intercept = (event: KeyboardEvent): boolean => {
    if (picker.value === undefined && !mentioning.value) return false
    if (event.key === 'Escape') {
      dismiss()
      return true
    }
    return handle.value?.onKey(event) ?? false
  }
  /** Given by the template: what is on screen may be any feature's. */
  const takeHandle = (component: unknown): void => {
    handle.value = isHandle(component) ? component : null
  }
  return { typed: shown, picker, pickers: usable, mentioning, triggers, takeHandle, set, dismiss, intercept }
}
