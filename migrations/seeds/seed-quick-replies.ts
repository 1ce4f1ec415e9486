/** Prepared answers of the house, of a team and of one agent. */
import type { App } from '#api/core/app.ts'
import { type Ctx, inTransaction, type StaffActor } from '#api/core/context.ts'
import type { QuickReplyScope } from '#api/contract/quick-reply.ts'
import { createCategory, createReply } from '#api/modules/quick-replies/index.ts'
import { entriesOf } from '#api/modules/settings/index.ts'
import { teamIdsOf } from '#api/modules/teams/index.ts'
import { CATEGORIES, type DemoReply, HOUSE_REPLIES, OWN_REPLIES, TEAM_REPLIES } from './demo-quick-replies.ts'

interface Shelf {
  scope: QuickReplyScope
  teamId?: string
}

async function seedHouseCategories(ctx: Ctx<StaffActor>): Promise<Map<string, string>> {
  const businesses = new Map((await entriesOf(ctx, 'business_type')).map((entry) => [entry.code, entry.id]))
  const ids = new Map<string, string>()
  for (const { path, business } of CATEGORIES) {
    const row = await createCategory(ctx, {
      scope: 'global',
      parentId: ids.get(path.slice(0, -1).join('/')) ?? null,
      name: path.at(-1) ?? '',
      businessTypeId: businesses.get(business ?? '') ?? null,
    })
    ids.set(path.join('/'), row.id)
  }
  return ids
}

async function seedReplies(ctx: Ctx<StaffActor>, shelf: Shelf, replies: readonly DemoReply[], categories = new Map<string, string>()) {
  for (const { category, code, title, parts, variables = [] } of replies)
    await createReply(ctx, {
      ...shelf,
      code,
      title,
      categoryId: categories.get(category.join('/')) ?? null,
      parts: [...parts],
      variables: [...variables],
    })
}

export async function seedQuickReplies(app: App, people: { administrator: StaffActor; agent: StaffActor }): Promise<void> {
  await inTransaction(app, people.administrator, async (ctx) => {
    await seedReplies(ctx, { scope: 'global' }, HOUSE_REPLIES, await seedHouseCategories(ctx))
    const [teamId] = await teamIdsOf({ db: ctx.trx }, people.agent.accountId)
    if (teamId !== undefined) await seedReplies(ctx, { scope: 'team', teamId }, TEAM_REPLIES)
  })
  await inTransaction(app, people.agent, (ctx) => seedReplies(ctx, { scope: 'personal' }, OWN_REPLIES))
}
