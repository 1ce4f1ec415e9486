/** The demo company's people: departments, who works in them, what they can do (MOD-02, MOD-03), and a role of their own (MOD-01). */
import type { Dictionary } from '#api/contract/dictionary.ts'
import type { App } from '#api/core/app.ts'
import { type Ctx, inTransaction, type StaffActor } from '#api/core/context.ts'
import { Account, createRole, type Credentials, newCredentials, provePhone, Role } from '#api/modules/identity/index.ts'
import { changeDepartment, changeStaff, createDepartment, disableStaff, hire, memberFor } from '#api/modules/organisation/index.ts'
import { entriesOf } from '#api/modules/settings/index.ts'
import { departments, members, type DemoMember } from './demo-organisation.ts'

type Hiring = Ctx<StaffActor>

export async function seedOrganisation(app: App, admin: StaffActor, known: ReadonlyMap<string, StaffActor>): Promise<void> {
  // One for all: nobody signs in with it, and slow hashes would be what the first start waits for.
  const credentials = await newCredentials()
  await inTransaction(app, admin, async (ctx) => {
    await createRole(ctx, {
      name: '质检',
      description: '抽查会话与服务质量，只看不答',
      permissions: ['conversations.read', 'conversations.read_all', 'customers.read', 'staff.read', 'teams.read', 'relations.read'],
      dataScope: 'all',
    })
    const places = await buildDepartments(ctx)
    const words = await wordsOf(ctx)
    const ids = new Map<string, string>()
    for (const member of members) ids.set(member.username, await settle(ctx, member, { places, words, known, credentials }))
    // They have answered the code, as people do on their first day.
    for (const account of await Account.query(ctx.trx).whereIn('id', [...ids.values()])) await provePhone(ctx, account)
    await appoint(ctx, places, ids)
  })
}

async function buildDepartments(ctx: Hiring): Promise<Map<string, string>> {
  const places = new Map<string, string>()
  for (const { name, parent } of departments) {
    const parentId = parent === undefined ? null : (places.get(parent) ?? null)
    places.set(name, await createDepartment(ctx, { name, parentId, leaderId: null }))
  }
  return places
}

/** Entries and roles by what the demo calls them. */
async function wordsOf(ctx: Hiring): Promise<ReadonlyMap<string, string>> {
  const dictionaries: Dictionary[] = ['skill', 'language', 'job_title']
  const words = new Map<string, string>()
  for (const dictionary of dictionaries)
    for (const entry of await entriesOf(ctx, dictionary)) words.set(`${dictionary}:${entry.code}`, entry.id)
  for (const role of await Role.query(ctx.trx)) words.set(`role:${role.name}`, role.id)
  return words
}

interface Known {
  places: ReadonlyMap<string, string>
  words: ReadonlyMap<string, string>
  known: ReadonlyMap<string, StaffActor>
  credentials: Credentials
}

async function settle(ctx: Hiring, member: DemoMember, { places, words, known, credentials }: Known): Promise<string> {
  const idOf = (key: string): string => {
    const id = words.get(key)
    if (id === undefined) throw new Error(`the demo names ${key}, which is not there`)
    return id
  }
  const facts = {
    departmentId: places.get(member.department) ?? null,
    employeeNumber: member.employeeNumber,
    titleId: member.title === undefined ? null : idOf(`job_title:${member.title}`),
    phone: member.phone,
    email: `${member.username}@yunfan.example`,
    joinedOn: member.joinedOn,
    skills: Object.entries(member.skills ?? {}).map(([skill, level]) => ({ skillId: idOf(`skill:${skill}`), level })),
    languages: ['zh_cn', ...(member.languages ?? [])].map((language) => idOf(`language:${language}`)),
  }
  const account = known.get(member.username)
  if (account) {
    const { version } = await memberFor(ctx, account.accountId)
    return (await changeStaff(ctx, account.accountId, { ...facts, version })).id
  }
  const input = { ...facts, username: member.username, name: member.name, roleId: idOf(`role:${member.role}`) }
  const { member: hired } = await hire(ctx, input, credentials)
  if (member.disabled === true) await disableStaff(ctx, hired.id, hired.version)
  return hired.id
}

async function appoint(ctx: Hiring, places: ReadonlyMap<string, string>, ids: ReadonlyMap<string, string>): Promise<void> {
  for (const { name, leader } of departments) {
    const [id, leaderId] = [places.get(name), leader === undefined ? undefined : ids.get(leader)]
    if (id !== undefined && leaderId !== undefined) await changeDepartment(ctx, id, { leaderId, version: 1 })
  }
}
