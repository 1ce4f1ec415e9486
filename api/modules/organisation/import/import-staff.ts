/** Staff from a spreadsheet (MOD-03): first a preview with every fault by row, then all of it or nothing. */
import { UniqueViolationError } from 'objection'
import type { StaffImport } from '../../../contract/organisation.ts'
import { type Ctx, inTransaction, type StaffActor } from '../../../core/context.ts'
import { AppError, Conflict } from '../../../core/errors.ts'
import { record } from '../../audit/index.ts'
import { newCredentials, type Credentials } from '../../identity/index.ts'
import { hire } from '../staff.ts'
import { type Candidate, checkLines } from './check-lines.ts'
import { readKnown } from './known.ts'
import { type Fault, readFile } from './read-file.ts'

const present = (candidate: Candidate, initialPassword: string | null): StaffImport['rows'][number] => ({
  row: candidate.row,
  username: candidate.input.username,
  name: candidate.input.name,
  department: candidate.department,
  role: candidate.role,
  initialPassword,
})

async function check(ctx: Ctx<StaffActor>, file: Uint8Array): Promise<{ total: number; candidates: Candidate[]; faults: Fault[] }> {
  const { lines, faults } = await readFile(file)
  if (faults.length > 0) return { total: lines.length, candidates: [], faults }
  return { total: lines.length, ...checkLines(lines, await readKnown(ctx, lines)) }
}

/** What would happen. Writes nothing. @throws Invalid `spreadsheet_unreadable`, `spreadsheet_too_large` */
export async function previewImport(ctx: Ctx<StaffActor>, file: Uint8Array): Promise<StaffImport> {
  const { total, candidates, faults } = await check(ctx, file)
  return { total, applied: false, faults, rows: candidates.map((candidate) => present(candidate, null)) }
}

/**
 * Hires everybody in the file, in one transaction.
 * @throws Conflict `import_invalid` {faults} when anything is wrong, also when somebody took a name since the preview: nothing is done then
 */
export async function applyImport(ctx: Ctx<StaffActor>, file: Uint8Array): Promise<StaffImport> {
  const { total, faults: known } = await check(ctx, file)
  // Before the passwords are made: each takes a tenth of a second.
  if (known.length > 0) throw refusal(known)
  const credentials = await Promise.all(Array.from({ length: total }, newCredentials))
  try {
    return await inTransaction(ctx.app, ctx.actor, (inside) => hireAll(inside, file, credentials), ctx.source)
  } catch (error) {
    if (!(error instanceof UniqueViolationError) && !(error instanceof AppError && error.kind === 'conflict')) throw error
    if (error instanceof Conflict && error.code === 'import_invalid') throw error
    // Somebody was quicker: the file is judged again, by what is there now.
    throw refusal((await check(ctx, file)).faults)
  }
}

const MAX_TOLD = 200
const refusal = (faults: readonly Fault[]) => new Conflict('import_invalid', 'the file has faults', { faults: faults.slice(0, MAX_TOLD) })

async function hireAll(ctx: Ctx<StaffActor>, file: Uint8Array, credentials: readonly Credentials[]): Promise<StaffImport> {
  const { total, candidates, faults } = await check(ctx, file)
  if (faults.length > 0) throw refusal(faults)
  const rows = []
  for (const [index, candidate] of candidates.entries())
    rows.push(present(candidate, (await hire(ctx, candidate.input, credentials[index])).initialPassword))
  await record(ctx, { action: 'staff.imported', object: { kind: 'staff' }, context: { people: rows.length } })
  return { total, applied: true, faults: [], rows }
}
