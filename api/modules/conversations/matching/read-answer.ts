/** What a customer's words mean while something is asked of him. Pure. */
import type { MessagePart } from '../../../contract/message.ts'

export interface ChoiceOption {
  teamId: string
  name: string
}

const TEAM = 'team:'
export const optionId = (teamId: string) => `${TEAM}${teamId}`

const NUMBERS = ['一', '二', '三', '四', '五', '六', '七', '八', '九', '十']
/** Full-width digits and what people put around a number. */
const plain = (text: string) =>
  text
    .normalize('NFKC')
    .trim()
    .replace(/^[【[(（]|[\]】)）.。、]+$/g, '')
    .trim()

/** The option meant by a click, its number, or its whole name; null: these words are no answer. */
export function chosenTeam(parts: readonly MessagePart[], options: readonly ChoiceOption[]): ChoiceOption | null {
  const [part] = parts
  if (parts.length !== 1 || part?.type !== 'text') return null
  if (part.menuOptionId !== undefined) return options.find(({ teamId }) => optionId(teamId) === part.menuOptionId) ?? null
  const text = plain(part.text)
  const number = /^\d{1,2}$/.test(text) ? Number(text) : NUMBERS.indexOf(text) + 1
  return options[number - 1] ?? options.find(({ name }) => name === text) ?? null
}

export const LEAVE_OPTION = 'queue:leave'
export const WAIT_OPTION = 'hours:wait'
const LEAVING: ReadonlySet<string> = new Set(['取消排队', '退出排队', '不排了', 'leave', 'cancel'])
const WAITING: ReadonlySet<string> = new Set(['等待', '我等', '等客服上班', 'wait'])

const says = (parts: readonly MessagePart[], option: string, words: ReadonlySet<string>): boolean => {
  const [part] = parts
  if (parts.length !== 1 || part?.type !== 'text') return false
  return part.menuOptionId === undefined ? part.text.length < 16 && words.has(plain(part.text).toLowerCase()) : part.menuOptionId === option
}
/** He leaves the queue, by click or by word. */
export const wantsToLeave = (parts: readonly MessagePart[]): boolean => says(parts, LEAVE_OPTION, LEAVING)
/** He waits for the opening. */
export const wantsToWait = (parts: readonly MessagePart[]): boolean => says(parts, WAIT_OPTION, WAITING)
