/** The demo company's teams (BP-007) and whom they serve (BP-008), made through the use cases. */
import type { App } from '#api/core/app.ts'
import { addDays, dayIn } from '#api/core/business-time/index.ts'
import { type Ctx, inTransaction, type StaffActor } from '#api/core/context.ts'
import { CustomerRow, InstitutionRow } from '#api/modules/customers/index.ts'
import { Account } from '#api/modules/identity/index.ts'
import { companySettings, entriesOf } from '#api/modules/settings/index.ts'
import {
  addMembers,
  changeRoster,
  createCalendar,
  createRelations,
  createTeam,
  createTemplate,
  importHolidays,
} from '#api/modules/teams/index.ts'
import { calendars, type DemoRelation, type DemoTeam, relationsOfCustomers, relationsOfInstitutions, teams } from './demo-teams.ts'

type Seeding = Ctx<StaffActor>
type Ids = ReadonlyMap<string, string>

const idIn = (ids: Ids, key: string): string => {
  const id = ids.get(key)
  if (id === undefined) throw new Error(`the demo names ${key}, which is not there`)
  return id
}

/** After the people; with customers and institutions there already, they get their teams. */
export async function seedTeams(app: App, admin: StaffActor): Promise<void> {
  await inTransaction(app, admin, async (ctx) => {
    const words = await wordsOf(ctx)
    const people = new Map((await Account.query(ctx.trx).where({ kind: 'staff' })).map((account) => [account.username, account.id]))
    const hours = await makeCalendars(ctx)
    const { timeZone } = await companySettings(ctx)
    const today = dayIn(timeZone, ctx.now)
    const made = new Map<string, string>()
    for (const team of teams) {
      const id = await build(ctx, team, { words, people, hours })
      made.set(team.name, id)
      if (team.shifts) await planWeeks(ctx, { id, team, people, today })
    }
    await relateAll(ctx, { words, made, today })
  })
}

async function wordsOf(ctx: Seeding): Promise<Ids> {
  const businesses = (await entriesOf(ctx, 'business_type')).map((entry) => [`business:${entry.code}`, entry.id] as const)
  const skills = (await entriesOf(ctx, 'skill')).map((entry) => [`skill:${entry.code}`, entry.id] as const)
  return new Map([...businesses, ...skills])
}

async function makeCalendars(ctx: Seeding): Promise<Ids> {
  const { timeZone } = await companySettings(ctx)
  const made = new Map<string, string>()
  for (const { name, weekly, holidays } of calendars) {
    let row = await createCalendar(ctx, { name, timeZone, weekly: weekly.map((periods) => periods.map((period) => ({ ...period }))) })
    for (const year of holidays) ({ row } = await importHolidays(ctx, row.id, { holidays: year, version: row.version }))
    made.set(name, row.id)
  }
  return made
}

async function build(ctx: Seeding, team: DemoTeam, known: { words: Ids; people: Ids; hours: Ids }): Promise<string> {
  const { words, people, hours } = known
  const { id } = await createTeam(ctx, {
    name: team.name,
    description: team.description,
    leaderId: idIn(people, team.leader),
    calendarId: idIn(hours, team.calendar),
    businessTypeIds: team.businesses.map((code) => idIn(words, `business:${code}`)),
    skills: Object.entries(team.skills).map(([code, level]) => ({ skillId: idIn(words, `skill:${code}`), level })),
    maxConversations: team.maxConversations ?? null,
    memberMaxConversations: team.memberMaxConversations,
    usesShifts: team.shifts !== undefined,
  })
  const idsOf = (usernames: readonly string[]) => usernames.map((username) => idIn(people, username))
  await addMembers(ctx, id, idsOf(team.supervisors ?? []), 'supervisor')
  await addMembers(ctx, id, idsOf(team.agents), 'agent')
  return id
}

/** This week and the next: everybody moves on by one shift a day and rests after a late one. */
async function planWeeks(ctx: Seeding, plan: { id: string; team: DemoTeam; people: Ids; today: string }): Promise<void> {
  const { id, team, people, today } = plan
  const templates: string[] = []
  for (const [name, from, to, color] of team.shifts ?? []) templates.push((await createTemplate(ctx, id, { name, from, to, color })).id)
  const monday = addDays(today, -((new Date(`${today}T00:00:00Z`).getUTCDay() + 6) % 7))
  for (const week of [monday, addDays(monday, 7)]) {
    const cells = team.agents.flatMap((username, person) =>
      Array.from({ length: 7 }, (_, day) => {
        const templateId = templates[(day + person) % (templates.length + 1)]
        return { accountId: idIn(people, username), day: addDays(week, day), shifts: templateId === undefined ? [] : [{ templateId }] }
      }),
    )
    await changeRoster(ctx, id, week, { cells, version: 0 })
  }
}

async function relateAll(ctx: Seeding, known: { words: Ids; made: Ids; today: string }): Promise<void> {
  const institutions = await InstitutionRow.query(ctx.trx)
    .whereNull('archived_at')
    .orderBy('id')
    .limit(relationsOfInstitutions.length)
    .select('id')
  const customers = await CustomerRow.query(ctx.trx)
    .whereNotNull('remark_name')
    .whereNull('merged_into_id')
    .orderBy('id')
    .limit(relationsOfCustomers.length)
    .select('id')
  const relate = (kind: 'customer' | 'institution', id: string, lines: readonly DemoRelation[]) =>
    createRelations(ctx, { subject: { kind, id }, teams: lines.map((line) => termsOf(line, known)) })
  for (const [index, { id }] of institutions.entries()) await relate('institution', id, relationsOfInstitutions[index] ?? [])
  for (const [index, { id }] of customers.entries()) await relate('customer', id, relationsOfCustomers[index] ?? [])
}

const termsOf = (line: DemoRelation, { words, made, today }: { words: Ids; made: Ids; today: string }) => ({
  teamId: idIn(made, line.team),
  rank: line.rank,
  businessTypeIds: (line.businesses ?? []).map((code) => idIn(words, `business:${code}`)),
  validFrom: addDays(today, line.from),
  validUntil: line.until === null ? null : addDays(today, line.until),
  remindDays: 30,
  note: line.note,
})
