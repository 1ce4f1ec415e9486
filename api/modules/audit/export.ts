import type { AuditEntry, AuditFilter } from '../../contract/audit.ts'
import { type Ctx, inTransaction, type StaffActor } from '../../core/context.ts'
import { type CellValue, sheetStream, type SheetFormat } from '../../core/spreadsheets/write-sheet.ts'
import { chainHead } from './chain.ts'
import { allEntries } from './queries.ts'
import { record } from './record.ts'

const COLUMNS = [
  { title: '时间 Time (UTC)', width: 24 },
  { title: '操作人 Actor', width: 16 },
  { title: '操作 Action', width: 26 },
  { title: '对象类型 Object', width: 18 },
  { title: '对象 Label', width: 24 },
  { title: '对象编号 Object id', width: 38 },
  { title: '变更前 Before', width: 40 },
  { title: '变更后 After', width: 40 },
  { title: '补充 Context', width: 40 },
  { title: 'IP', width: 16 },
  { title: '客户端 User agent', width: 30 },
  { title: '链序号 Chain position', width: 12 },
  { title: '编号 Id', width: 38 },
]

const json = (facts: object | null): string | null => (facts === null || Object.keys(facts).length === 0 ? null : JSON.stringify(facts))

const rowOf = (entry: AuditEntry): CellValue[] => [
  entry.occurredAt,
  entry.actor.name ?? entry.actor.id ?? entry.actor.kind,
  entry.action,
  entry.object.kind,
  entry.object.label,
  entry.object.id,
  json(entry.before),
  json(entry.after),
  json(entry.context),
  entry.ip,
  entry.userAgent,
  entry.position,
  entry.id,
]

async function* rowsOf(ctx: Ctx, filter: AuditFilter): AsyncGenerator<CellValue[]> {
  for await (const entry of allEntries(ctx.trx, filter)) yield rowOf(entry)
}

/**
 * The trail as a sheet, streamed. The line about the export is committed before the first byte leaves, with the head of the chain: a copy
 * that left the house proves later what the chain was.
 */
export async function exportEntries(ctx: Ctx<StaffActor>, filter: AuditFilter, format: SheetFormat) {
  const head = await chainHead(ctx.trx)
  await inTransaction(
    ctx.app,
    ctx.actor,
    (inner) =>
      record(inner, {
        action: 'audit.exported',
        object: { kind: 'audit' },
        context: { format, filter, chain: { position: head.position, digest: head.digest } },
      }),
    ctx.source,
  )
  const until = filter.until ?? ctx.now.toISOString()
  return sheetStream(format, { name: '审计日志', columns: COLUMNS, rows: rowsOf(ctx, { ...filter, until }) })
}
