import { z } from 'zod'
import {
  articleDraftCreate,
  articleDraftListQuery,
  articleDraftPatch,
  articleDraftRemove,
  articleDraftSchema,
  articleDraftSummarySchema,
} from '../../contract/knowledge.ts'
import { one, page } from '../../contract/list.ts'
import { route } from '../../core/http/route.ts'
import { changeDraft, removeDraft } from './change-drafts.ts'
import { draftArticle } from './draft-article.ts'
import { listDrafts, showDraft } from './queries.ts'

const tag = 'knowledge'
const auth = { permission: 'knowledge.draft' } as const
const params = z.strictObject({ id: z.uuid() })
const draft = one(articleDraftSchema)

export const routes = [
  route({
    method: 'GET',
    path: '/api/v1/knowledge/drafts',
    summary: 'Articles to be, newest first (BP-006.10)',
    tag,
    auth,
    query: articleDraftListQuery,
    response: page(articleDraftSummarySchema),
    handle: (ctx, { query }) => listDrafts(ctx, query),
  }),
  route({
    method: 'POST',
    path: '/api/v1/knowledge/drafts',
    summary: 'Write a draft by hand',
    tag,
    auth,
    status: 201,
    body: articleDraftCreate,
    example: { title: '空调不制冷的三步排查', body: '先看温度设定，再看滤网，最后看外机是否运转。' },
    response: draft,
    async handle(ctx, { body }) {
      const { draft: made } = await draftArticle(ctx, { ...body, source: null })
      return { data: await showDraft(ctx, made.id) }
    },
  }),
  route({
    method: 'GET',
    path: '/api/v1/knowledge/drafts/{id}',
    summary: 'One draft with its text',
    tag,
    auth,
    params,
    response: draft,
    handle: async (ctx, { params: { id } }) => ({ data: await showDraft(ctx, id) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/knowledge/drafts/{id}',
    summary: 'Change a draft',
    tag,
    auth,
    params,
    body: articleDraftPatch,
    example: { title: '空调不制冷怎么办', version: 1 },
    response: draft,
    errors: ['version_conflict'],
    async handle(ctx, { params: { id }, body }) {
      await changeDraft(ctx, id, body)
      return { data: await showDraft(ctx, id) }
    },
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/knowledge/drafts/{id}',
    summary: 'Throw a draft away; what it was made of may make another',
    tag,
    auth,
    params,
    query: articleDraftRemove,
    response: one(z.null()),
    errors: ['version_conflict'],
    async handle(ctx, { params: { id }, query }) {
      await removeDraft(ctx, id, query.version)
      return { data: null }
    },
  }),
]
