import type { AuditVerdict } from '../../contract/audit.ts'
import type { Ctx } from '../../core/context.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** The daily check found the trail changed. */
    'audit.broken'?: (ctx: Ctx, verdict: AuditVerdict) => Promise<void>
  }
}
