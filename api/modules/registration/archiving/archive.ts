import type { Ctx, StaffActor } from '../../../core/context.ts'
import { checkVersion, customerFor, makeFormal, type CustomerRow } from '../../customers/index.ts'

/**
 * 转正 by hand, under an institution (BP-001.5).
 * @throws NotFound; Conflict `version_conflict`, `customer_merged`; Invalid for an institution that is not there
 */
export async function archiveUnder(
  ctx: Ctx<StaffActor>,
  customerId: string,
  input: { institutionId: string; version: number },
): Promise<CustomerRow> {
  checkVersion(await customerFor(ctx, customerId, 'change'), input.version)
  return makeFormal(ctx, customerId, { institutionId: input.institutionId, reason: 'staff' })
}
