/**
 * Entry `npm run verify-audit`, `node api/verify-audit.js`: walks the hash chain over the audit trail and names the first line that does not
 * hold. `--head POSITION:DIGEST` compares with a head noted earlier (log line `audit.chain_intact`, an export, this command), which also finds
 * a chain that was cut or made anew. Ends with 1 when something is wrong.
 */
import { parseArgs } from 'node:util'
import { auditVerifyRequest } from './contract/audit.ts'
import { ConfigurationError, readConfig } from './core/config.ts'
import { verifyChain } from './modules/audit/index.ts'
import { withApp } from './with-app.ts'

try {
  const { values } = parseArgs({ options: { head: { type: 'string' } } })
  const [position, digest] = values.head?.split(':') ?? []
  const { head } = auditVerifyRequest.parse(values.head === undefined ? {} : { head: { position: Number(position), digest } })
  const verdict = await withApp(readConfig(process.env), (app) => verifyChain(app.db, { head }))
  const { broken } = verdict
  process.stdout.write(
    broken
      ? `BROKEN: ${broken.fault} at position ${broken.position ?? '-'}, entry ${broken.entryId ?? '-'}; ${verdict.checked} before it hold\n`
      : `intact: ${verdict.checked} line(s); head ${verdict.head.position}:${verdict.head.digest ?? '-'}; waiting ${verdict.head.waiting}\n`,
  )
  process.exitCode = broken ? 1 : 0
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`)
  process.exit(2)
}
