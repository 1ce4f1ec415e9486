import { z } from 'zod'
import {
  channelAccountCreate,
  channelAccountPatch,
  channelAccountSchema,
  channelKindSchema,
  inboundEventListQuery,
  inboundEventSchema,
} from '../../contract/channel.ts'
import { listQuery, one, page } from '../../contract/list.ts'
import type { Ctx } from '../../core/context.ts'
import { NotFound } from '../../core/errors.ts'
import { route } from '../../core/http/route.ts'
import { createAccount } from './create-account.ts'
import { ChannelAccountRow } from './model.ts'
import { presentAccount, presentInboundEvent } from './present.ts'
import { listAccounts, listInboundEvents } from './queries.ts'
import { replayInboundEvent } from './replay.ts'
import { updateAccount } from './update-account.ts'

const idParams = z.strictObject({ id: z.uuid() })

async function accountFor(ctx: Ctx, id: string): Promise<ChannelAccountRow> {
  const row = await ChannelAccountRow.query(ctx.trx).findById(id)
  if (!row) throw new NotFound('channel account')
  return row
}

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/channel-kinds',
    summary: 'Kinds of channels with their settings (JSON Schema) and limits',
    tag: 'channels',
    auth: 'staff',
    response: one(z.array(channelKindSchema)),
    handle: (ctx) =>
      Promise.resolve({
        data: ctx.app.catalogue
          .kinds()
          .map(({ kind, label, configSchema, capabilities, features }) => ({ kind, label, configSchema, capabilities, features })),
      }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/channel-accounts',
    summary: 'Channel accounts',
    tag: 'channels',
    auth: { permission: 'channels.read' },
    query: listQuery,
    response: page(channelAccountSchema),
    async handle(ctx, { query }) {
      const { rows, nextCursor } = await listAccounts(ctx.trx, query)
      return { data: rows.map((row) => presentAccount(ctx.app, row)), nextCursor }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/channel-accounts',
    summary: 'Connect an account of a channel',
    tag: 'channels',
    auth: { permission: 'channels.manage' },
    status: 201,
    body: channelAccountCreate,
    response: one(channelAccountSchema),
    errors: ['channel_kind_unknown', 'channel_config_invalid', 'name_taken'],
    handle: async (ctx, { body }) => ({ data: presentAccount(ctx.app, await createAccount(ctx, body)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/channel-accounts/{id}',
    summary: 'One channel account',
    tag: 'channels',
    auth: { permission: 'channels.read' },
    params: idParams,
    response: one(channelAccountSchema),
    handle: async (ctx, { params }) => ({ data: presentAccount(ctx.app, await accountFor(ctx, params.id)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/channel-accounts/{id}',
    summary: 'Change, disable or enable a channel account',
    tag: 'channels',
    auth: { permission: 'channels.manage' },
    params: idParams,
    body: channelAccountPatch,
    example: { name: '云帆办公 服务号', version: 3 },
    response: one(channelAccountSchema),
    errors: ['channel_config_invalid', 'name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: presentAccount(ctx.app, await updateAccount(ctx, params.id, body)) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/channel-accounts/{id}/inbound-events',
    summary: 'What the platform sent: the inbound ledger, newest first',
    tag: 'channels',
    auth: { permission: 'channels.manage' },
    params: idParams,
    query: inboundEventListQuery,
    response: page(inboundEventSchema),
    async handle(ctx, { params, query }) {
      await accountFor(ctx, params.id)
      const { rows, nextCursor } = await listInboundEvents(ctx.trx, params.id, query)
      return { data: rows.map(presentInboundEvent), nextCursor }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/inbound-events/{id}/replay',
    summary: 'Process a ledger row once more',
    tag: 'channels',
    auth: { permission: 'channels.manage' },
    params: idParams,
    response: one(inboundEventSchema),
    errors: ['already_replayed'],
    handle: async (ctx, { params }) => ({ data: presentInboundEvent(await replayInboundEvent(ctx, params.id)) }),
  }),
]
