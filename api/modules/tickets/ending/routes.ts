import { z } from 'zod'
import { articleDraftSchema } from '../../../contract/knowledge.ts'
import { one } from '../../../contract/list.ts'
import {
  articleDraftRequest,
  solutionPut,
  ticketEndingSchema,
  ticketEndingSettingsPut,
  ticketEndingSettingsSchema,
} from '../../../contract/ticket-ending.ts'
import { route } from '../../../core/http/route.ts'
import { presentSettings, putSettings } from './settings.ts'
import { showEnding } from './show-ending.ts'
import { archiveSolution, putSolution } from './solution.ts'

const tag = 'tickets'
const params = z.strictObject({ id: z.uuid() })
const ending = one(ticketEndingSchema)
const settings = one(ticketEndingSettingsSchema)
const line = (zh: string, en: string) => ({ on: true, zh, en })

const ofTicket = [
  route({
    method: 'GET',
    path: '/api/v1/tickets/{id}/ending',
    summary: 'How a ticket ends: solution, the customer’s word, rating, the article made of it (BP-006.9)',
    tag,
    auth: { permission: 'tickets.read' },
    params,
    response: ending,
    handle: async (ctx, { params: { id } }) => ({ data: await showEnding(ctx, id) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/tickets/{id}/solution',
    summary: 'Write down what was done about it; null takes it away',
    tag,
    auth: { permission: 'tickets.handle' },
    params,
    body: solutionPut,
    example: { solution: '更换了滤网，并清洗了外机。', version: 4 },
    response: ending,
    errors: ['version_conflict', 'ticket_merged', 'ticket_fields_missing'],
    async handle(ctx, { params: { id }, body }) {
      await putSolution(ctx, id, body)
      return { data: await showEnding(ctx, id) }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/tickets/{id}/article-draft',
    summary: 'Keep the solution as an article to be; asked for again, the same draft (BP-006.10)',
    tag,
    auth: { permission: 'knowledge.draft' },
    status: 201,
    params,
    body: articleDraftRequest,
    example: { title: '空调不制冷的三步排查' },
    response: one(articleDraftSchema),
    errors: ['ticket_without_solution'],
    handle: async (ctx, { params: { id }, body }) => ({ data: await archiveSolution(ctx, id, body) }),
  }),
]

const rules = [
  route({
    method: 'GET',
    path: '/api/v1/ticket-ending-settings',
    summary: 'How tickets end, and what customers are told of them',
    tag,
    auth: { permission: 'tickets.settings' },
    response: settings,
    handle: async (ctx) => ({ data: await presentSettings(ctx) }),
  }),
  route({
    method: 'PUT',
    path: '/api/v1/ticket-ending-settings',
    summary: 'Change how tickets end',
    tag,
    auth: { permission: 'tickets.settings' },
    body: ticketEndingSettingsPut,
    example: {
      autoCloseDays: 3,
      noticeDays: 1,
      reopenDays: 7,
      urgesPerDay: 3,
      urgeMinutes: 60,
      rating: true,
      offHoursTickets: true,
      menuKey: 'MY_TICKETS',
      texts: {
        created: line('您的问题已登记为工单 {工单号}', 'We have opened ticket {number}'),
        followUp: line('工单 {工单号}：{内容}', 'Ticket {number}: {text}'),
        confirm: line('工单 {工单号} 已处理，请确认：{链接}', 'Ticket {number} is done, please confirm: {link}'),
        reminder: line('工单 {工单号} 将在 {天数} 个工作日后关闭：{链接}', 'Ticket {number} closes in {days} working days: {link}'),
        autoClosed: line('工单 {工单号} 已关闭', 'Ticket {number} has been closed'),
        resolved: line('工单 {工单号} 已解决，欢迎评价：{链接}', 'Ticket {number} is solved: {link}'),
        myTickets: line('您的工单：{链接}', 'Your tickets: {link}'),
        noTickets: line('您还没有工单', 'You have no tickets yet'),
      },
      version: 1,
    },
    response: settings,
    errors: ['version_conflict', 'template_variable_unknown'],
    handle: async (ctx, { body }) => ({ data: await putSettings(ctx, body) }),
  }),
]

export const endingRoutes = [...ofTicket, ...rules]
