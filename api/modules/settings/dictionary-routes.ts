import { z } from 'zod'
import {
  DICTIONARIES,
  dictionaryEntryCreate,
  dictionaryEntryMove,
  dictionaryEntryPatch,
  dictionaryEntryRemove,
  dictionaryEntrySchema,
  dictionaryListQuery,
  listedEntrySchema,
} from '../../contract/dictionary.ts'
import { one } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { createEntry } from './create-entry.ts'
import { moveEntry } from './move-entry.ts'
import { presentEntry } from './present.ts'
import { listEntries } from './queries.ts'
import { removeEntry } from './remove-entry.ts'
import { updateEntry } from './update-entry.ts'

const listParams = z.strictObject({ dictionary: z.enum(DICTIONARIES) })
const entryParams = listParams.extend({ id: z.uuid() })
const manage = { permission: 'dictionaries.manage' } as const

export const dictionaryRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/dictionaries/{dictionary}',
    summary: 'The entries of a list, in order (MOD-08)',
    tag: 'settings',
    auth: 'staff',
    params: listParams,
    query: dictionaryListQuery,
    response: one(z.array(listedEntrySchema)),
    handle: async (ctx, { params, query }) => ({
      data: await listEntries(ctx, params.dictionary, { all: query.all === 'true', uses: query.uses === 'true' }),
    }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/dictionaries/{dictionary}',
    summary: 'Add an entry at the end',
    tag: 'settings',
    auth: manage,
    status: 201,
    params: listParams,
    body: dictionaryEntryCreate,
    example: { code: 'warranty', labelZh: '保修', labelEn: 'Warranty', color: '#10b981' },
    response: one(dictionaryEntrySchema),
    errors: ['code_taken', 'entry_built_in', 'entry_unknown', 'entry_disabled'],
    handle: async (ctx, { params, body }) => ({ data: presentEntry(await createEntry(ctx, params.dictionary, body)) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/dictionaries/{dictionary}/{id}',
    summary: 'Rename, translate, colour, disable or enable an entry',
    tag: 'settings',
    auth: manage,
    params: entryParams,
    body: dictionaryEntryPatch,
    example: { labelZh: '保修与维修', disabled: false, version: 1 },
    response: one(dictionaryEntrySchema),
    errors: ['version_conflict', 'entry_built_in'],
    handle: async (ctx, { params, body }) => ({ data: presentEntry(await updateEntry(ctx, params.dictionary, params.id, body)) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/dictionaries/{dictionary}/{id}/move',
    summary: 'Put an entry before another, or at the end',
    tag: 'settings',
    auth: manage,
    params: entryParams,
    body: dictionaryEntryMove,
    example: { before: null, version: 1 },
    response: one(dictionaryEntrySchema),
    errors: ['version_conflict', 'entry_unknown'],
    handle: async (ctx, { params, body }) => ({ data: presentEntry(await moveEntry(ctx, params.dictionary, params.id, body)) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/dictionaries/{dictionary}/{id}',
    summary: 'Delete an entry that was never used',
    tag: 'settings',
    auth: manage,
    params: entryParams,
    query: dictionaryEntryRemove,
    response: one(z.null()),
    errors: ['version_conflict', 'entry_in_use', 'entry_built_in'],
    async handle(ctx, { params, query }) {
      await removeEntry(ctx, params.dictionary, params.id, query.version)
      return { data: null }
    },
  }),
]
