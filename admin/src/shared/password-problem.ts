import { isApiError } from '../api/http.ts'
import type { useWords } from './use-words.ts'

/** Why a new password was refused: by the rule it breaks, where the server names one. */
export const passwordProblem = ({ t, te, error }: Pick<ReturnType<typeof useWords>, 't' | 'te' | 'error'>, thrown: unknown): string => {
  const rule = isApiError(thrown) && thrown.code === 'password_weak' ? thrown.context['rule'] : undefined
  return typeof rule === 'string' && te(`passwords.weak.${rule}`) ? t(`passwords.weak.${rule}`) : error(thrown)
}
