import { computed, ref } from 'vue'
import { useRoute, useRouter } from 'vue-router'
import type { Me } from '#api/contract/identity.ts'
import { ApiError, isApiError } from '../../api/http.ts'
import { countdown } from '../../shared/format.ts'
import { useNow } from '../../shared/use-now.ts'
import { useWords } from '../../shared/use-words.ts'
import { useSession } from '../../stores/session.ts'
import { nextPath } from './next-path.ts'

/** A try to get in, by whatever way: one at a time, with what stands in the way worded, locks counted down, and the way on. */
export const useSignIn = (challenged?: (challenge: string) => void) => {
  const { t, error } = useWords()
  const route = useRoute()
  const router = useRouter()
  const session = useSession()
  const now = useNow()
  const busy = ref(false)
  const failure = ref<ApiError | null>(null)
  const missing = ref('')
  const lockedUntil = ref(0)
  const lockSeconds = computed(() => Math.ceil((lockedUntil.value - now.value) / 1000))
  const locked = computed(() => lockSeconds.value > 0)
  const message = computed(() => {
    if (missing.value !== '') return missing.value
    if (failure.value === null) return ''
    if (failure.value.code === 'too_many_tries' || lockedUntil.value === 0) return error(failure.value)
    if (!locked.value) return ''
    return t(failure.value.code === 'account_locked' ? 'login.lockedFor' : 'login.waitFor', { time: countdown(lockSeconds.value) })
  })

  const onFailure = (thrown: unknown): void => {
    const refused = isApiError(thrown) ? thrown : new ApiError('internal', 0)
    const { challenge, retryAfterSeconds } = refused.context
    if (refused.code === 'second_factor_required' && typeof challenge === 'string' && challenged) return challenged(challenge)
    failure.value = refused
    const counts = typeof retryAfterSeconds === 'number' && refused.code !== 'too_many_tries'
    lockedUntil.value = counts ? Date.now() + retryAfterSeconds * 1000 : 0
  }
  const goOn = async (me: Me): Promise<void> => {
    const next = nextPath(route.query['next'])
    if (session.enter(me)) window.location.assign(next)
    else await router.replace(next)
  }
  const attempt = async (enter: () => Promise<Me>): Promise<void> => {
    if (busy.value || locked.value) return
    busy.value = true
    failure.value = null
    missing.value = ''
    try {
      await goOn(await enter())
    } catch (thrown) {
      onFailure(thrown)
    } finally {
      busy.value = false
    }
  }
  /** What the form itself finds missing. */
  const complain = (text: string): void => {
    missing.value = text
    failure.value = null
  }
  return { busy, locked, message, attempt, complain }
}
