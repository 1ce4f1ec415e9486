import type { Team } from '#api/contract/team.ts'
import type { TeamBody } from '../../../api/teams.ts'

/** Everything of a team that is typed or chosen. A limit of null: none of its own. */
export interface TeamForm {
  name: string
  description: string
  leaderId: string | null
  calendarId: string | null
  businessTypeIds: string[]
  skills: { skillId: string; level: number }[]
  maxConversations: number | null
  memberMaxConversations: number | null
  usesShifts: boolean
}

const formOf = (team: Team): TeamForm => ({
  name: team.name,
  description: team.description,
  leaderId: team.leader?.id ?? null,
  calendarId: team.calendar?.id ?? null,
  businessTypeIds: team.businessTypes.map(({ id }) => id),
  skills: team.skills.map(({ id, level }) => ({ skillId: id, level })),
  maxConversations: team.maxConversations,
  memberMaxConversations: team.memberMaxConversations,
  usesShifts: team.usesShifts,
})
const emptyForm = (): TeamForm => ({
  name: '',
  description: '',
  leaderId: null,
  calendarId: null,
  businessTypeIds: [],
  skills: [],
  maxConversations: null,
  memberMaxConversations: null,
  usesShifts: false,
})
export const teamForm = (team: Team | null): TeamForm => (team === null ? emptyForm() : formOf(team))

/** What goes to the server: no empty rows, no space around names. */
export const teamBody = (form: TeamForm): Required<TeamBody> => ({
  ...form,
  name: form.name.trim(),
  description: form.description.trim(),
  skills: form.skills.filter(({ skillId }) => skillId !== ''),
})
