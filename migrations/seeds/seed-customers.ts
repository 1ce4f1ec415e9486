/** Customers, institutions and tags of the demo, made as staff make them (MOD-04, MOD-05). */
import type { App } from '#api/core/app.ts'
import { type Ctx, inTransaction, type StaffActor } from '#api/core/context.ts'
import type { Dictionary } from '#api/contract/dictionary.ts'
import {
  addNote,
  archiveCustomer,
  createCustomer,
  createInstitution,
  createTag,
  customerFor,
  type CustomerRow,
  IdentityRow,
  makeFormal,
  tagCustomer,
  updateCustomer,
  updateInstitution,
} from '#api/modules/customers/index.ts'
import { entriesOf } from '#api/modules/settings/index.ts'
import { institutions, people, tags, writers, type DemoPerson } from './demo-customers.ts'

export interface DemoStage {
  app: App
  staff: ReadonlyMap<string, StaffActor>
  /** Runs the work as if it were so many minutes ago. */
  at<T>(minutesAgo: number, work: () => Promise<T>): Promise<T>
}

interface Known {
  /** `dictionary:code` → id */
  entries: ReadonlyMap<string, string>
  institutions: readonly string[]
  tags: ReadonlyMap<string, string>
}

const DAY = 24 * 60
const daysBefore = (now: Date, days: number) => new Date(now.getTime() - days * 86_400_000)

export async function seedCustomers({ app, staff, at }: DemoStage): Promise<void> {
  const admin = actorOf(staff, 'admin')
  const known = await at(90 * DAY, () => inTransaction(app, admin, prepare))
  const made = new Map<string, CustomerRow>()
  await at(0, () => enter(app, { staff, known, made }))
  for (const writer of writers)
    await at(3, () => inTransaction(app, actorOf(staff, writer.owner), (ctx) => know(ctx, writer, { known, made })))
  await at(0, () => inTransaction(app, admin, (ctx) => finish(ctx, known, made)))
}

/** One transaction for each of those who entered them: sixty of their own are what the first start would wait for. */
async function enter(app: App, { staff, known, made }: Cast & Pick<DemoStage, 'staff'>): Promise<void> {
  for (const owner of new Set(people.map((person) => person.owner)))
    await inTransaction(app, actorOf(staff, owner ?? 'supervisor'), async (ctx) => {
      for (const person of people)
        if (person.owner === owner) made.set(person.name, await add({ ...ctx, now: daysBefore(ctx.now, person.days) }, person, known))
    })
}

function actorOf(staff: ReadonlyMap<string, StaffActor>, username: string): StaffActor {
  const actor = staff.get(username)
  if (!actor) throw new Error(`nobody is called ${username}`)
  return actor
}

async function prepare(ctx: Ctx<StaffActor>): Promise<Known> {
  const dictionaries: Dictionary[] = ['customer_level', 'region', 'institution_type']
  const entries = new Map<string, string>()
  for (const dictionary of dictionaries)
    for (const entry of await entriesOf(ctx, dictionary)) entries.set(`${dictionary}:${entry.code}`, entry.id)
  const places = new Map<string, string>()
  for (const { name, type, region, parent, address, headcount } of institutions) {
    const row = await createInstitution(ctx, {
      name,
      typeId: entries.get(`institution_type:${type}`) ?? null,
      regionId: entries.get(`region:${region}`) ?? null,
      parentId: parent === undefined ? null : (places.get(parent) ?? null),
      address,
      fields: { headcount },
    })
    places.set(name, row.id)
  }
  const marks = new Map<string, string>()
  for (const tag of tags) marks.set(tag.name, (await createTag(ctx, tag)).id)
  return { entries, institutions: [...places.values()], tags: marks }
}

const tagIds = (known: Known, names: readonly string[]) => names.flatMap((name) => known.tags.get(name) ?? [])

async function add(ctx: Ctx<StaffActor>, person: DemoPerson, known: Known): Promise<CustomerRow> {
  const institutionId = person.at === undefined ? null : (known.institutions[person.at] ?? null)
  const number = String(people.indexOf(person) + 1).padStart(4, '0')
  return createCustomer(ctx, {
    name: person.name,
    title: person.title,
    institutionId,
    status: institutionId === null ? 'temporary' : 'formal',
    ownerId: person.owner === undefined ? null : ctx.actor.accountId,
    levelId: known.entries.get(`customer_level:${person.level ?? ''}`) ?? null,
    regionId: known.entries.get(`region:${person.region ?? institutions[person.at ?? -1]?.region ?? ''}`) ?? null,
    note: person.note,
    tagIds: tagIds(known, person.tags),
    identities: [{ kind: 'phone', value: `+861380571${number}`, evidence: { source: 'staff' }, verified: false }],
  })
}

interface Cast {
  known: Known
  made: Map<string, CustomerRow>
}

/** He came by himself; staff have found out the rest. */
async function know(ctx: Ctx<StaffActor>, writer: (typeof writers)[number], { known, made }: Cast): Promise<void> {
  const { customer_id: id } = await IdentityRow.query(ctx.trx).findOne({ value: writer.openId }).throwIfNotFound()
  const institutionId = writer.at === undefined ? null : (known.institutions[writer.at] ?? null)
  if (institutionId !== null) await makeFormal(ctx, id, { institutionId, reason: 'staff' })
  await tagCustomer(ctx, id, { add: tagIds(known, writer.tags), remove: [] })
  if (writer.note !== undefined) await addNote(ctx, id, writer.note)
  const { version } = await customerFor(ctx, id, 'change')
  const title = writer.title === undefined ? {} : { title: writer.title }
  const row = await updateCustomer(ctx, id, { ownerId: ctx.actor.accountId, ...title, version })
  made.set(writer.name, row)
}

/** Who speaks for each institution, and somebody who is a customer no more. */
async function finish(ctx: Ctx<StaffActor>, known: Known, made: ReadonlyMap<string, CustomerRow>): Promise<void> {
  for (const [place, { contact }] of institutions.entries()) {
    const [id, person] = [known.institutions[place], made.get(contact)]
    if (id !== undefined && person) await updateInstitution(ctx, id, { primaryContactId: person.id, version: 1 })
  }
  const gone = made.get('杭一诺')
  if (gone) await archiveCustomer(ctx, gone.id, gone.version)
}
