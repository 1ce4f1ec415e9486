/** A macro while it is edited: every action has a place for each kind's values, so that changing the kind loses nothing. Pure. */
import type { FormField, TicketType } from '#api/contract/ticket-type.ts'
import type { TicketMacro } from '#api/contract/ticket-macro.ts'
import type { TicketMacroBody } from '../../../../api/ticket-settings.ts'

type Action = TicketMacroBody['actions'][number]
export type ActionKind = Action['kind']
type Of<K extends ActionKind> = Extract<Action, { kind: K }>
export type AssignTo = 'me' | 'agent' | 'team' | 'pool' | 'policy'

export interface ActionForm {
  uid: number
  kind: ActionKind
  status: Of<'status'>['to']
  reason: string
  solution: string
  priority: Of<'priority'>['to']
  typeId: string | null
  add: string[]
  remove: string[]
  key: string
  value: Of<'field'>['value']
  assign: AssignTo
  accountId: string | null
  teamId: string | null
  visibility: Of<'follow_up'>['visibility']
  text: string
}
export interface MacroForm {
  name: string
  description: string
  teamId: string | null
  actions: ActionForm[]
}

export const ACTION_KINDS: readonly ActionKind[] = ['status', 'priority', 'assign', 'tags', 'type', 'field', 'follow_up']
export const ASSIGN_TO: readonly AssignTo[] = ['me', 'agent', 'team', 'pool', 'policy']
export const MOST_ACTIONS = 10

let lastUid = 0
export const newAction = (kind: ActionKind): ActionForm => ({
  uid: (lastUid += 1),
  kind,
  status: 'in_progress',
  reason: '',
  solution: '',
  priority: 'high',
  typeId: null,
  add: [],
  remove: [],
  key: '',
  value: null,
  assign: 'me',
  accountId: null,
  teamId: null,
  visibility: 'internal',
  text: '',
})

const assigned = (to: Of<'assign'>['to']): Partial<ActionForm> => {
  if (to.kind === 'agent') return { assign: 'agent', accountId: to.accountId }
  if (to.kind === 'team') return to.teamId === null ? { assign: 'pool' } : { assign: 'team', teamId: to.teamId }
  return { assign: to.kind }
}
const valuesOf = (action: Action): Partial<ActionForm> => {
  switch (action.kind) {
    case 'status':
      return { status: action.to, reason: action.reason ?? '', solution: action.solution ?? '' }
    case 'priority':
      return { priority: action.to }
    case 'type':
      return { typeId: action.typeId }
    case 'tags':
      return { add: [...(action.add ?? [])], remove: [...(action.remove ?? [])] }
    case 'field':
      return { key: action.key, value: action.value }
    case 'assign':
      return assigned(action.to)
    case 'follow_up':
      return { visibility: action.visibility, text: action.text }
  }
}

export const formOf = (macro: TicketMacro | null): MacroForm => ({
  name: macro?.name ?? '',
  description: macro?.description ?? '',
  teamId: macro?.team?.id ?? null,
  actions: (macro?.actions ?? []).map((action) => ({ ...newAction(action.kind), ...valuesOf(action) })),
})

const target = ({ assign, accountId, teamId }: ActionForm): Of<'assign'>['to'] | null => {
  if (assign === 'agent') return accountId === null ? null : { kind: 'agent', accountId }
  if (assign === 'team') return teamId === null ? null : { kind: 'team', teamId }
  return assign === 'pool' ? { kind: 'team', teamId: null } : { kind: assign }
}
const worded = (text: string): string | null => (text.trim() === '' ? null : text.trim())

const move = ({ status: to, reason, solution }: ActionForm): Action => ({
  kind: 'status',
  to,
  reason: worded(reason) ?? undefined,
  solution: worded(solution) ?? undefined,
})
const handOver = (form: ActionForm): Action | null => {
  const to = target(form)
  return to === null ? null : { kind: 'assign', to }
}
const followUp = ({ visibility, text: written }: ActionForm): Action | null => {
  const text = worded(written)
  return text === null ? null : { kind: 'follow_up', visibility, text }
}

/** Null: something is missing. */
export const actionOf = (form: ActionForm): Action | null => {
  switch (form.kind) {
    case 'status':
      return move(form)
    case 'priority':
      return { kind: 'priority', to: form.priority }
    case 'type':
      return form.typeId === null ? null : { kind: 'type', typeId: form.typeId }
    case 'tags':
      return form.add.length + form.remove.length === 0 ? null : { kind: 'tags', add: form.add, remove: form.remove }
    case 'field':
      return form.key === '' ? null : { kind: 'field', key: form.key, value: form.value === '' ? null : form.value }
    case 'assign':
      return handOver(form)
    case 'follow_up':
      return followUp(form)
  }
}

/** Null: a name, an action or what an action needs is missing. */
export const bodyOf = (form: MacroForm): Omit<TicketMacroBody, 'enabled'> | null => {
  const name = worded(form.name)
  const actions = form.actions.flatMap((action) => actionOf(action) ?? [])
  if (name === null || actions.length === 0 || actions.length !== form.actions.length) return null
  return { name, description: form.description.trim(), teamId: form.teamId, actions }
}

/** Fields of all types that a macro can set, once each; a list of values is not among what it can say. */
export const fieldsOf = (types: readonly TicketType[]): FormField[] => {
  const all = types.flatMap(({ fields }) => fields).filter(({ type }) => type !== 'multi_select')
  return [...new Map(all.map((field) => [field.key, field])).values()]
}
