import { z } from 'zod'
import type { AuditVerdict } from '../../contract/audit.ts'
import type { Ctx } from '../../core/context.ts'
import { grantsOf } from '../identity/index.ts'
import { notify } from './notify.ts'

const people = z.object({
  rows: z.array(z.object({ id: z.string(), code: z.string(), built_in: z.boolean(), permissions: z.array(z.string()) })),
})

/** Whoever may read the trail is told once a day that it no longer holds. */
export async function tellOfBrokenChain(ctx: Ctx, { broken, checked }: AuditVerdict): Promise<void> {
  if (!broken) return
  const { rows } = people.parse(
    await ctx.trx.raw(
      `select a.id, r.code, r.built_in, r.permissions from accounts a join roles r on r.id = a.role_id where a.kind = 'staff' and a.status = 'active'`,
    ),
  )
  const day = ctx.now.toISOString().slice(0, 10)
  await notify(ctx, {
    to: rows.filter((row) => grantsOf(row).has('audit.read')).map(({ id }) => id),
    kind: 'audit.chain_broken',
    params: { checked, fault: broken.fault, position: broken.position ?? 0 },
    link: '/settings/audit',
    key: `audit.chain_broken:${day}`,
  })
}
