/** The hash chain over the trail: made by a schedule, away from any request; checked by a route and by `npm run verify-audit`. */
import { createHash, timingSafeEqual } from 'node:crypto'
import type { Knex } from 'knex'
import { z } from 'zod'
import type { AuditHead, AuditVerdict, ChainPoint } from '../../contract/audit.ts'
import type { App } from '../../core/app.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'

const BATCH = 1000

/** One text per entry that changes with any of its columns; jsonb has one way to be written. */
const CANONICAL = `jsonb_build_array(e.id, to_char(e.occurred_at at time zone 'UTC', 'YYYY-MM-DD HH24:MI:SS.US'), e.actor_kind, e.actor_id,
  e.actor_name, e.action, e.object_kind, e.object_id, e.object_label, e.before, e.after, e.context, e.ip, e.user_agent)::text`

const START = Buffer.alloc(32)

const digestOf = (position: number, previous: Buffer, canonical: string): Buffer =>
  createHash('sha256').update(previous).update(`\n${position}\n`).update(canonical).digest()

const buffer = z.instanceof(Uint8Array).transform((bytes) => Buffer.from(bytes))
const headRow = z.object({ position: z.coerce.number(), digest: buffer, linked_at: z.date() })
const freshRows = z.object({ rows: z.array(z.object({ id: z.string(), canonical: z.string() })) })

/**
 * Links what is not linked yet, oldest first among those that have committed; a late one comes with the next run. Runs that meet take turns.
 * @returns how many
 */
export async function linkEntries(app: App): Promise<number> {
  let linked = 0
  for (;;) {
    const count = await inTransaction(app, SYSTEM, ({ trx }) => linkBatch(trx))
    linked += count
    if (count < BATCH) return linked
  }
}

async function linkBatch(trx: Knex): Promise<number> {
  await trx.raw(`select pg_advisory_xact_lock(hashtextextended('lianke.audit-chain', 0))`)
  const head = await lastLink(trx)
  const { rows: fresh } = freshRows.parse(
    await trx.raw(
      `with taken as (
         delete from audit_unlinked where entry_id in (select entry_id from audit_unlinked order by entry_id limit ?) returning entry_id)
       select e.id, ${CANONICAL} as canonical from taken join audit_entries e on e.id = taken.entry_id
       where not exists (select from audit_links l where l.entry_id = e.id) order by e.id`,
      [BATCH],
    ),
  )
  let position = head?.position ?? 0
  let digest: Buffer = head?.digest ?? START
  const links = fresh.map(({ id, canonical }) => {
    position += 1
    digest = digestOf(position, digest, canonical)
    return { position, entry_id: id, digest: `\\x${digest.toString('hex')}` }
  })
  await trx.raw(
    `insert into audit_links (position, entry_id, digest)
     select * from json_to_recordset(?::json) as t(position bigint, entry_id uuid, digest bytea)`,
    [JSON.stringify(links)],
  )
  return links.length
}

async function lastLink(trx: Knex) {
  const row: unknown = await trx('audit_links').select('position', 'digest', 'linked_at').orderBy('position', 'desc').first()
  return row === undefined ? null : headRow.parse(row)
}

const waitingRow = z.object({ rows: z.tuple([z.object({ waiting: z.coerce.number() })]) })

/** Where the chain ends now. Noted elsewhere, it proves later that nothing up to here changed or went missing. */
export async function chainHead(trx: Knex): Promise<AuditHead> {
  const head = await lastLink(trx)
  const { rows } = waitingRow.parse(await trx.raw('select count(*) as waiting from audit_unlinked'))
  return {
    position: head?.position ?? 0,
    digest: head?.digest.toString('hex') ?? null,
    linkedAt: head?.linked_at.toISOString() ?? null,
    waiting: rows[0].waiting,
  }
}

type Broken = NonNullable<AuditVerdict['broken']>

const linkRows = z.object({
  rows: z.array(z.object({ position: z.coerce.number(), entry_id: z.string(), digest: buffer, canonical: z.string().nullable() })),
})

type Link = z.infer<typeof linkRows>['rows'][number]

interface Walk {
  /** A head written down earlier: finds also a chain that was cut short or made anew. */
  head?: ChainPoint | undefined
  /** Where an earlier stretch ended; the start otherwise. */
  after?: ChainPoint | undefined
  /** Links to walk before answering with `next`; all by default. */
  most?: number
}

/** Walks the chain and names the first line that does not hold. */
export async function verifyChain(trx: Knex, { head: noted, after, most = Infinity }: Walk = {}): Promise<AuditVerdict> {
  const head = await chainHead(trx)
  let previous: Buffer = after ? Buffer.from(after.digest, 'hex') : START
  let checked = after?.position ?? 0
  const verdict = (broken: Broken | null, next: ChainPoint | null = null) => ({ intact: broken === null, checked, head, broken, next })
  const stop = checked + most
  while (checked < head.position) {
    if (checked >= stop) return verdict(null, { position: checked, digest: previous.toString('hex') })
    const links = await linksAfter(trx, checked, Math.min(head.position, stop))
    if (links.length === 0) return verdict({ fault: 'link_missing', position: checked + 1, entryId: null })
    for (const link of links) {
      const fault = faultOf(link, checked + 1, previous, noted)
      if (fault) return verdict(fault)
      previous = link.digest
      checked = link.position
    }
  }
  if (noted && noted.position > head.position) return verdict({ fault: 'head_differs', position: head.position + 1, entryId: null })
  const loose = await looseEntry(trx)
  return verdict(loose === null ? null : { fault: 'entry_unlinked', position: null, entryId: loose })
}

async function linksAfter(trx: Knex, position: number, last: number): Promise<Link[]> {
  const { rows } = linkRows.parse(
    await trx.raw(
      `select l.position, l.entry_id, l.digest, case when e.id is null then null else ${CANONICAL} end as canonical
       from audit_links l left join audit_entries e on e.id = l.entry_id
       where l.position > ? and l.position <= ? order by l.position limit ?`,
      [position, last, BATCH],
    ),
  )
  return rows
}

function faultOf(row: Link, expected: number, previous: Buffer, noted: ChainPoint | undefined): Broken | null {
  const at = { position: row.position, entryId: row.entry_id }
  if (row.position !== expected) return { fault: 'link_missing', position: expected, entryId: null }
  if (row.canonical === null) return { fault: 'entry_missing', ...at }
  if (!timingSafeEqual(digestOf(row.position, previous, row.canonical), row.digest)) return { fault: 'entry_changed', ...at }
  if (noted?.position === row.position && noted.digest !== row.digest.toString('hex')) return { fault: 'head_differs', ...at }
  return null
}

const looseRows = z.object({ rows: z.array(z.object({ id: z.string() })) })

/** An entry that is neither linked nor waiting: somebody took it off the list. */
async function looseEntry(trx: Knex): Promise<string | null> {
  const { rows } = looseRows.parse(
    await trx.raw(
      `select e.id from audit_entries e where not exists (select from audit_links l where l.entry_id = e.id)
         and not exists (select from audit_unlinked u where u.entry_id = e.id) order by e.id limit 1`,
    ),
  )
  return rows[0]?.id ?? null
}
