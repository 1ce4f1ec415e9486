/** The demo company's segments (MOD-06) and the links by which its customers register (BP-001.1), made through the use cases. */
import type { App } from '#api/core/app.ts'
import { type Ctx, inTransaction, type StaffActor } from '#api/core/context.ts'
import type { SegmentNode } from '#api/contract/segment.ts'
import { TagRow } from '#api/modules/customers/index.ts'
import { createLink, listTargetTeams } from '#api/modules/registration/index.ts'
import { createSegment } from '#api/modules/segments/index.ts'
import { entriesOf } from '#api/modules/settings/index.ts'
import { webAccount } from './demo.ts'

const MONTH_HOURS = 30 * 24

/** After customers and teams. */
export async function seedSegments(app: App, supervisor: StaffActor, agent: StaffActor): Promise<void> {
  await inTransaction(app, supervisor, async (ctx) => {
    for (const segment of await segments(ctx)) await createSegment(ctx, segment)
    const [team] = await listTargetTeams(ctx)
    await createLink(ctx, {
      accountId: webAccount.id,
      label: '华东企业服务展 · 现场登记',
      validHours: MONTH_HOURS,
      maxUses: 200,
      ...(team ? { teamId: team.id } : {}),
    })
  })
  await inTransaction(app, agent, (ctx) =>
    createLink(ctx, { accountId: webAccount.id, label: '许静介绍的采购同事', validHours: 72, maxUses: 1 }),
  )
}

async function segments(ctx: Ctx): Promise<{ name: string; description: string; definition: SegmentNode }[]> {
  const tags = await TagRow.query(ctx.trx).whereIn('name', ['续约在即', '需要回访'])
  const region = (await entriesOf(ctx, 'region')).filter(({ code }) => code === 'zhejiang')
  return [
    {
      name: '一个月没有联系的正式客户',
      description: '每周一由主管分给专属客服回访',
      definition: {
        all: [
          { field: 'status', op: 'any_of', values: ['formal'] },
          { field: 'lastContactAt', op: 'not_within_days', days: 30 },
        ],
      },
    },
    {
      name: '续约与回访',
      description: '贴了「续约在即」或「需要回访」的客户',
      definition: { field: 'tags', op: 'any_of', values: tags.map(({ id }) => id) },
    },
    {
      name: '浙江企业客户',
      description: '按本人或单位所在地区',
      definition: {
        all: [
          { field: 'region', op: 'any_of', values: region.map(({ id }) => id) },
          { field: 'institution', op: 'not_empty' },
        ],
      },
    },
    {
      name: '公众号来的新朋友',
      description: '还没有转为正式的客户',
      definition: {
        all: [
          { field: 'channels', op: 'any_of', values: ['wechat-official'] },
          { field: 'status', op: 'any_of', values: ['temporary'] },
        ],
      },
    },
  ]
}
