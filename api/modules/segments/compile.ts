/** From the tree that people build to one statement, with every value a parameter. */
import type { SegmentCondition, SegmentNode } from '../../contract/segment.ts'
import type { Ctx, StaffActor } from '../../core/context.ts'
import { type Condition, conditionsOf, onColumn } from '../customers/index.ts'
import { allOf, anyOf, notOf } from './combine.ts'
import { customFields } from './custom-fields.ts'
import { customerFields } from './customer-fields.ts'
import { unfit } from './faults.ts'
import type { SegmentSource } from './port.ts'

/** Every field that may be asked about now. */
export async function segmentSources(ctx: Ctx): Promise<SegmentSource[]> {
  const others: SegmentSource[] = []
  for (const hook of ctx.app.hooks.all('segment.fields')) others.push(...(await hook(ctx)))
  return [...customerFields, ...others, ...(await customFields(ctx))]
}

type Sources = ReadonlyMap<string, SegmentSource>

function leaf(ctx: Ctx, sources: Sources, condition: SegmentCondition): Condition {
  const source = sources.get(condition.field)
  if (!source) throw unfit(condition.field, 'unknown_field')
  if (!source.ops.includes(condition.op)) throw unfit(condition.field, 'op')
  return source.compile(ctx, condition)
}

function compile(ctx: Ctx, sources: Sources, node: SegmentNode): Condition {
  if ('op' in node) return leaf(ctx, sources, node)
  if ('not' in node) return notOf(ctx.trx, compile(ctx, sources, node.not))
  if ('any' in node) {
    return anyOf(
      ctx.trx,
      node.any.map((child) => compile(ctx, sources, child)),
    )
  }
  return allOf(
    ctx.trx,
    node.all.map((child) => compile(ctx, sources, child)),
  )
}

/** The outermost "all" stays apart: whoever counts or lists begins with the part that finds fewest. */
async function parts(ctx: Ctx, node: SegmentNode): Promise<Condition[]> {
  const sources = new Map((await segmentSources(ctx)).map((source) => [source.field, source]))
  return ('all' in node ? node.all : [node]).map((child) => compile(ctx, sources, child))
}

/** Customers who meet the definition and whom the reader may see. @throws Invalid `segment_invalid` with `{ field, reason }` */
export async function conditionsForReader(ctx: Ctx<StaffActor>, node: SegmentNode): Promise<Condition[]> {
  return [...(await conditionsOf(ctx, { archived: false })), ...(await parts(ctx, node))]
}

/** All who meet it, for what the product does by itself. */
export async function conditionsForAll(ctx: Ctx, node: SegmentNode): Promise<Condition[]> {
  return [onColumn(ctx.trx, 'c.archived_at is null and c.merged_into_id is null', []), ...(await parts(ctx, node))]
}

/** @throws Invalid `segment_invalid` */
export const checkDefinition = async (ctx: Ctx, node: SegmentNode): Promise<void> => void (await parts(ctx, node))
