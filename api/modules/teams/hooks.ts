import type { Ctx } from '../../core/context.ts'

declare module '../../core/modules.ts' {
  interface Hooks {
    /** A calendar was changed, in the same transaction: whoever counts by it may refuse what he could not count by, with a Conflict. */
    'calendar.changing'?: (ctx: Ctx, calendarId: string) => Promise<void>
    /** A team is about to go by another calendar: the same. */
    'team.calendar-changing'?: (ctx: Ctx, change: { teamId: string; calendarId: string }) => Promise<void>
  }
}
