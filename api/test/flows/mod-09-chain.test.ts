import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type pg from 'pg'
import type { AuditEntry, AuditHead, AuditVerdict } from '../../contract/audit.ts'
import type { DictionaryEntry } from '../../contract/dictionary.ts'
import { inTransaction, SYSTEM } from '../../core/context.ts'
import { newId } from '../../core/ids.ts'
import { record } from '../../modules/audit/index.ts'
import { type StaffClient, startTestApp, type TestApp, unique } from '../harness.ts'
import { withConnection } from '../services.ts'
import { until } from '../until.ts'

let it: TestApp
let admin: StaffClient

beforeAll(async () => {
  it = await startTestApp()
  admin = await it.staff('admin', '陈静')
})
afterAll(() => it.stop())

const lines = (query: string, reader = admin) => reader.get<AuditEntry[]>(`/audit-entries?${query}`)
const head = () => admin.get<AuditHead>('/audit-chain')
const verify = (noted?: object) => admin.post<AuditVerdict>('/audit-chain/verify', noted ? { head: noted } : {})
const addSkill = () =>
  admin.post<DictionaryEntry>('/dictionaries/skill', { code: unique('skill').replace('-', '_'), labelZh: '谈判', labelEn: 'Negotiation' })
const write = (id: string, more: object = {}) =>
  inTransaction(it.process.app, SYSTEM, (ctx) => record(ctx, { action: 'test.written', object: { kind: 'thing', id }, ...more }))
const asOwner = <T>(use: (client: pg.Client) => Promise<T>) => withConnection(it.process.app.config.databaseOwnerUrl, use)

/** Everything written so far is in the chain. */
const linked = () =>
  until(async () => {
    const now = await head()
    if (now.waiting > 0) throw new Error(`${now.waiting} wait`)
    return now
  })

describe('MOD-09 nobody rewrites it', () => {
  test('MOD-09 the application’s database role may add lines and nothing else', async () => {
    await addSkill()
    await linked()
    const { db } = it.process.app
    for (const table of ['audit_entries', 'audit_links']) {
      for (const sql of [
        `update ${table} set ${table === 'audit_links' ? 'position = 9' : "action = 'a.b'"}`,
        `delete from ${table}`,
        `truncate ${table} cascade`,
      ]) {
        await expect(db.raw(sql)).rejects.toMatchObject({ code: '42501' })
      }
      await expect(db.raw(`alter table ${table} disable trigger all`)).rejects.toMatchObject({ code: '42501' })
    }
    await expect(db.raw(`select grant_to_application('postgres')`)).rejects.toMatchObject({ code: '42501' })
  })

  test('MOD-09 where owner and application are one role, triggers refuse the change', async () => {
    await asOwner(async (client) => {
      await expect(client.query(`update audit_entries set action = 'a.b'`)).rejects.toThrow('insert-only')
      await expect(client.query('delete from audit_links')).rejects.toThrow('insert-only')
      await expect(client.query('truncate audit_entries cascade')).rejects.toThrow('insert-only')
    })
  })
})

describe('MOD-09 the chain', () => {
  test('MOD-09 links follow every line, also one that commits after younger ones', async () => {
    const before = await linked()
    const [late, early] = [newId(), newId()]
    await inTransaction(it.process.app, SYSTEM, async (ctx) => {
      await record(ctx, { action: 'test.written', object: { kind: 'thing', id: late } })
      await write(early)
      await until(async () => expect((await lines(`objectId=${early}`))[0]?.position).toBeGreaterThan(before.position))
    })
    await linked()
    const [lateLine, earlyLine] = [(await lines(`objectId=${late}`))[0], (await lines(`objectId=${early}`))[0]]
    expect(Date.parse(lateLine!.occurredAt)).toBeLessThanOrEqual(Date.parse(earlyLine!.occurredAt))
    expect(lateLine!.position).toBeGreaterThan(earlyLine!.position!)
    expect(await verify()).toMatchObject({ intact: true, broken: null })
  })

  test('MOD-09 a long chain is walked in stretches, each going on where the one before stopped', async () => {
    await write(newId())
    await linked()
    const { verifyChain } = await import('../../modules/audit/index.ts')
    const { db } = it.process.app
    const first = await verifyChain(db, { most: 1 })
    expect(first).toMatchObject({ intact: true, next: { position: first.checked } })
    const rest = await verifyChain(db, { after: first.next! })
    expect(rest).toMatchObject({ intact: true, next: null, checked: rest.head.position })
    const forged = { position: first.checked, digest: 'ab'.repeat(32) }
    expect(await verifyChain(db, { after: forged })).toMatchObject({ intact: false, broken: { position: first.checked + 1 } })
  })

  test('MOD-09 who changes a line as owner of the tables is found out, and the line named', async () => {
    const target = newId()
    await write(target, { after: { amount: 1 } })
    await write(newId())
    const noted = await linked()
    const [line] = await lines(`objectId=${target}`)
    await asOwner(async (client) => {
      await client.query('alter table audit_entries disable trigger refuse_change')
      await client.query(`update audit_entries set after = '{"amount": 2}' where object_id = $1`, [target])
    })
    expect(await verify()).toMatchObject({ intact: false, broken: { fault: 'entry_changed', position: line?.position, entryId: line?.id } })
    await asOwner(async (client) => {
      await client.query(`update audit_entries set after = '{"amount": 1}' where object_id = $1`, [target])
      await client.query('alter table audit_entries enable trigger refuse_change')
    })
    expect(await verify({ position: noted.position, digest: noted.digest })).toMatchObject({ intact: true })
  })

  test('MOD-09 a removed line, a removed end, a rewritten chain and a line kept out of it are found', async () => {
    await write(newId())
    const noted = await linked()
    const tamper = (...sql: string[]) =>
      asOwner(async (client) => {
        // Nothing is kept: every tampering starts from the true trail.
        await client.query('begin')
        await client.query('set local session_replication_role = replica')
        for (const statement of sql) await client.query(statement)
        const { verifyChain } = await import('../../modules/audit/index.ts')
        const { default: knex } = await import('knex')
        const bound = knex({ client: 'pg' })
        const trx = Object.assign((table: string) => bound(table).connection(client), {
          raw: (text: string, bindings: readonly unknown[] = []) => bound.raw(text, [...bindings] as string[]).connection(client),
        })
        const verdict = await verifyChain(trx as never, { head: { position: noted.position, digest: noted.digest ?? '' } })
        await client.query('rollback')
        return verdict.broken
      })
    const at = noted.position
    expect(await tamper(`delete from audit_entries where id = (select entry_id from audit_links where position = ${at})`)).toMatchObject({
      fault: 'entry_missing',
      position: at,
    })
    expect(await tamper(`delete from audit_links where position = ${at - 1}`)).toMatchObject({ fault: 'link_missing', position: at - 1 })
    expect(await tamper(`delete from audit_links where position >= ${at}`)).toMatchObject({ fault: 'head_differs', position: at })
    const loose = newId()
    expect(
      await tamper(
        `insert into audit_entries (id, occurred_at, actor_kind, action, object_kind) values ('${loose}', now(), 'system', 'a.b', 'thing')`,
      ),
    ).toMatchObject({ fault: 'entry_unlinked', entryId: loose })
    expect(await tamper()).toBeNull()
  })
})
