import { z } from 'zod'
import {
  calendarCreate,
  calendarDaysChange,
  calendarListQuery,
  calendarPatch,
  calendarRemove,
  calendarSchema,
  holidayImport,
  holidayImportResult,
  holidayYearSchema,
} from '../../../contract/calendar.ts'
import { one, page } from '../../../contract/list.ts'
import { route } from '../../../core/http/route.ts'
import { changeDays, createCalendar, importHolidays, removeCalendar, updateCalendar } from './change-calendars.ts'
import { HOLIDAY_YEARS } from './holidays.ts'
import { calendarOf, listCalendars } from './list-calendars.ts'

const idParams = z.strictObject({ id: z.uuid() })
const office = [
  { from: '09:00', to: '12:00' },
  { from: '13:30', to: '18:00' },
]

export const calendarRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/calendars',
    summary: 'Working calendars, and how each stands now (BP-007.5)',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    query: calendarListQuery,
    response: page(calendarSchema),
    handle: (ctx, { query }) => listCalendars(ctx, query),
  }),
  route({
    method: 'GET',
    path: '/api/v1/calendars/{id}',
    summary: 'One working calendar',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    params: idParams,
    response: one(calendarSchema),
    handle: async (ctx, { params }) => ({ data: await calendarOf(ctx, params.id) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/calendars',
    summary: 'A new working calendar: several periods a day, in its own time zone',
    tag: 'teams',
    auth: { permission: 'teams.manage' },
    status: 201,
    body: calendarCreate,
    example: { name: '标准工作时间', timeZone: 'Asia/Shanghai', weekly: [office, office, office, office, office, [], []] },
    response: one(calendarSchema),
    errors: ['name_taken'],
    handle: async (ctx, { body }) => ({ data: await calendarOf(ctx, (await createCalendar(ctx, body)).id) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/calendars/{id}',
    summary: 'Change name, time zone or week of a calendar; holds for every team that uses it',
    tag: 'teams',
    auth: { permission: 'teams.manage' },
    params: idParams,
    body: calendarPatch,
    example: { name: '标准工作时间（夏季）', version: 2 },
    response: one(calendarSchema),
    errors: ['name_taken', 'version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await calendarOf(ctx, (await updateCalendar(ctx, params.id, body)).id) }),
  }),
  route({
    method: 'DELETE',
    path: '/api/v1/calendars/{id}',
    summary: 'Remove a calendar that no team uses',
    tag: 'teams',
    auth: { permission: 'teams.manage' },
    params: idParams,
    query: calendarRemove,
    response: one(z.null()),
    errors: ['calendar_in_use', 'version_conflict'],
    async handle(ctx, { params, query }) {
      await removeCalendar(ctx, params.id, query.version)
      return { data: null }
    },
  }),
  route({
    method: 'POST',
    path: '/api/v1/calendars/{id}/days',
    summary: 'Set days of their own (holidays, worked weekends, exceptions) or take them back',
    tag: 'teams',
    auth: { permission: 'teams.manage' },
    params: idParams,
    body: calendarDaysChange,
    example: {
      set: [{ day: '2026-12-31', kind: 'exception', name: '年会，下午休息', periods: [{ from: '09:00', to: '12:00' }] }],
      remove: [],
      version: 3,
    },
    response: one(calendarSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { params, body }) => ({ data: await calendarOf(ctx, (await changeDays(ctx, params.id, body)).id) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/holidays',
    summary: 'Years of public holidays that can be imported, each with its source',
    tag: 'teams',
    auth: { permission: 'teams.read' },
    response: one(z.array(holidayYearSchema)),
    handle: () => Promise.resolve({ data: [...HOLIDAY_YEARS] }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/calendars/{id}/holidays',
    summary: 'Take over a year of public holidays with its worked weekends (调休)',
    tag: 'teams',
    auth: { permission: 'teams.manage' },
    params: idParams,
    body: holidayImport,
    example: { holidays: 'cn-2026', version: 1 },
    response: z.object({ data: holidayImportResult }),
    errors: ['version_conflict'],
    async handle(ctx, { params, body }) {
      const { row, imported, kept } = await importHolidays(ctx, params.id, body)
      return { data: { calendar: await calendarOf(ctx, row.id), imported, kept } }
    },
  }),
]
