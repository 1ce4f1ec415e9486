import { describe, expect, it } from '@jest/globals'
import { calendarCreate, calendarDaysChange, periodsSchema } from '#api/contract/calendar.ts'
import { rosterChange, teamCreate, weekSchema, type Roster } from '#api/contract/team.ts'
import { calendarBody, calendarForm, isSound } from './calendars/calendar-form.ts'
import { copiedTo, halfHours, nextPeriod, parseTime, problemOf, sorted, weekRuns } from './calendars/periods.ts'
import { dayForm, daysToSet } from './calendars/special-days.ts'
import { changesBetween, rebased } from '../../shared/form-changes.ts'
import { factChanges } from './relations/history-facts.ts'
import { emptyTerms, termsBody, termsProblem } from '../../shared/relations/relation-terms.ts'
import { cellIn, lengthOf, plannedOf, rebasedDraft, toggled, withCell, type Draft } from './shifts/roster-draft.ts'
import { addDays, dayIn, mondayOf, wallTime, weekDays, weekIn, weekNumber } from './shifts/week.ts'
import { teamBody, teamForm } from './team/team-form.ts'
import { timeThere } from './time-there.ts'

const LI = '01930000-0000-7000-8000-0000000000a1'
const WANG = '01930000-0000-7000-8000-0000000000a2'
const EARLY = '01930000-0000-7000-8000-0000000000b1'
const roster: Roster = {
  teamId: '01930000-0000-7000-8000-0000000000c1',
  week: '2026-11-23',
  timeZone: 'Asia/Shanghai',
  members: [
    { id: LI, name: '李强', avatarUrl: null },
    { id: WANG, name: '王芳', avatarUrl: null },
  ],
  templates: [{ id: EARLY, name: '早班', from: '08:00', to: '16:00', color: '#2d8fd0', position: 0, disabled: false, version: 1 }],
  shifts: [
    {
      id: '01930000-0000-7000-8000-0000000000d1',
      accountId: LI,
      day: '2026-11-23',
      templateId: EARLY,
      startsAt: '2026-11-23T00:00:00.000Z',
      endsAt: '2026-11-23T08:00:00.000Z',
      swapId: null,
      version: 1,
    },
  ],
  version: 3,
}
const none: Draft = new Map()

describe('weeks', () => {
  it('BP-007.5 names a week by its Monday, over months, years and leap days', () => {
    expect(mondayOf('2026-11-22')).toBe('2026-11-16')
    expect(mondayOf('2027-01-01')).toBe('2026-12-28')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(weekDays('2026-12-28').at(-1)).toBe('2027-01-03')
    expect(weekSchema.safeParse(mondayOf('2026-11-25')).success).toBe(true)
    expect([weekNumber('2026-12-28'), weekNumber('2027-01-04'), weekNumber('2025-12-29')]).toEqual([53, 1, 1])
  })
  it('BP-007.5 takes any day of an address for its week and refuses what is none', () => {
    expect(weekIn('2026-11-25')).toBe('2026-11-23')
    expect([weekIn('2026-13-40'), weekIn('next'), weekIn('')]).toEqual([null, null, null])
  })
  it('BP-007.5 reads clocks in the zone of the team', () => {
    expect(wallTime('2026-11-23T16:00:00.000Z', 'Asia/Shanghai')).toBe('00:00')
    expect(dayIn('Asia/Shanghai', new Date('2026-11-22T16:30:00Z'))).toBe('2026-11-23')
  })
})

describe('a week that is planned', () => {
  it('BP-007.5 keeps what was planned, and a cell that is again as it was is no change', () => {
    const changed = withCell(roster, none, { accountId: LI, day: '2026-11-23', shifts: [] })
    expect(cellIn(roster, changed, LI, '2026-11-23')).toEqual([])
    const back = withCell(roster, changed, { accountId: LI, day: '2026-11-23', shifts: [{ templateId: EARLY }] })
    expect(back.size).toBe(0)
  })
  it('BP-007.5 names a shift by its own times when its template has others by now', () => {
    const later = { ...roster, templates: roster.templates.map((template) => ({ ...template, from: '09:00' })) }
    expect(later.shifts.map((shift) => plannedOf(later, shift))).toEqual([{ from: '08:00', to: '16:00' }])
    expect(roster.shifts.map((shift) => plannedOf(roster, shift))).toEqual([{ templateId: EARLY }])
  })
  it('BP-007.5 carries a draft over to a newer week, without people who left and what is true already', () => {
    const draft = withCell(roster, withCell(roster, none, { accountId: WANG, day: '2026-11-24', shifts: [{ templateId: EARLY }] }), {
      accountId: LI,
      day: '2026-11-23',
      shifts: [],
    })
    expect(rebasedDraft({ ...roster, members: roster.members.slice(0, 1), version: 4 }, draft).size).toBe(1)
    expect(rebasedDraft({ ...roster, shifts: [] }, draft).size).toBe(1)
  })
  it('BP-007.5 sends cells as the contract wants them', () => {
    const draft = withCell(roster, none, { accountId: WANG, day: '2026-11-24', shifts: toggled([{ from: '18:00', to: '02:00' }], EARLY) })
    expect(rosterChange.safeParse({ cells: [...draft.values()], version: roster.version }).success).toBe(true)
  })
  it('adds a named shift and takes it away, and counts one over midnight', () => {
    expect(toggled(toggled([], EARLY), EARLY)).toEqual([])
    expect([lengthOf({ from: '16:00', to: '00:00' }), lengthOf({ from: '22:00', to: '06:00' })]).toEqual([480, 480])
  })
})

describe('hours of a day', () => {
  it.each([
    ['9', '09:00'],
    ['930', '09:30'],
    ['0930', '09:30'],
    ['9：30', '09:30'],
    ['24:00', null],
    ['9:75', null],
    ['soon', null],
  ])('BP-007.4 reads %s as %s', (text, time) => expect(parseTime(text)).toBe(time))
  it('BP-007.4 lets a day end at 24:00 and not begin there', () => {
    expect(parseTime('24:00', true)).toBe('24:00')
    expect([halfHours(true).at(-1), halfHours(false).at(-1), halfHours(false).at(0)]).toEqual(['24:00', '23:30', '00:00'])
  })
  it('BP-007.4 sees periods that overlap or end before they begin, in whatever order they stand', () => {
    const afternoon = { from: '13:30', to: '18:00' }
    expect(problemOf([afternoon, { from: '09:00', to: '12:00' }])).toBeNull()
    expect(problemOf([{ from: '09:00', to: '13:30' }, afternoon])).toBeNull()
    expect(problemOf([afternoon, { from: '09:00', to: '14:00' }])).toBe('overlap')
    expect(problemOf([{ from: '18:00', to: '09:00' }])).toBe('order')
  })
  it('BP-007.4 proposes periods that fit until the day is full', () => {
    let periods = [{ from: '09:00', to: '18:00' }]
    for (let next = nextPeriod(periods); next !== null; next = nextPeriod(periods)) periods = [...periods, next]
    expect(problemOf(periods)).toBeNull()
    expect(periods.at(-1)?.to).toBe('24:00')
    expect(periodsSchema.safeParse(sorted(periods)).success).toBe(true)
  })
  it('BP-007.4 says a week in runs of like days, and copies one day onto others', () => {
    const { weekly } = calendarForm(null)
    expect(weekRuns(weekly).map(({ first, last }) => [first, last])).toEqual([
      [0, 4],
      [5, 6],
    ])
    expect(weekRuns(copiedTo(weekly, 0, [5, 6]))).toHaveLength(1)
  })
  it('BP-007.4 sends a calendar as the contract wants it, its periods in order', () => {
    const form = { ...calendarForm(null), name: ' 客服时间 ' }
    form.weekly[5] = [
      { from: '14:00', to: '24:00' },
      { from: '09:00', to: '12:00' },
    ]
    expect(isSound(form)).toBe(true)
    expect(calendarCreate.parse(calendarBody(form)).weekly[5]?.[0]?.from).toBe('09:00')
  })
  it('BP-007.4 sets every day of a range; a holiday has no hours and an exception always has', () => {
    const range = { ...dayForm(null), from: '2027-02-05', to: '2027-02-08', name: '春节' }
    const exception = { ...range, kind: 'exception' as const, from: '2027-03-01', to: '2027-03-01' }
    const set = [...daysToSet(range), ...daysToSet(exception)]
    expect(set.map(({ periods }) => periods)).toEqual([null, null, null, null, []])
    expect(calendarDaysChange.safeParse({ set, version: 1 }).success).toBe(true)
  })
})

describe('forms', () => {
  it('BP-007.1 sends a team as the contract wants it, without empty rows', () => {
    const form = { ...teamForm(null), name: ' 售后一组 ', skills: [{ skillId: '', level: 3 }] }
    expect(teamCreate.parse(teamBody(form))).toMatchObject({ name: '售后一组', skills: [] })
  })
  it('BP-007.6 sends only what differs, and keeps what was typed when somebody else was faster', () => {
    const before = teamForm(null)
    const mine = { ...before, maxConversations: 60 }
    expect(changesBetween(before, mine)).toEqual({ maxConversations: 60 })
    expect(changesBetween(before, { ...before })).toBeNull()
    expect(rebased(mine, before, { ...before, name: '售后' })).toMatchObject({ name: '售后', maxConversations: 60 })
  })
  it('BP-008.5 refuses dates the wrong way round and has no reminder without an end', () => {
    const terms = { ...emptyTerms(EARLY), validFrom: '2026-12-01', validUntil: '2026-11-01' }
    expect([termsProblem(emptyTerms('')), termsProblem(terms), termsProblem({ ...terms, validUntil: '' })]).toEqual(['team', 'dates', null])
    expect(termsBody(emptyTerms(EARLY))).toMatchObject({ validUntil: null, remindDays: null })
  })
  it('BP-008.7 shows only what changed of a relation', () => {
    const change = { before: { rank: 'primary', note: '' }, after: { rank: 'secondary', note: null, teamColor: 'red' } }
    expect(factChanges(change).map(({ fact }) => fact)).toEqual(['rank'])
  })
})

describe('BP-007.5 when a team opens', () => {
  const now = Date.parse('2026-11-23T01:00:00Z')
  const read = (iso: string, timeZone: string, locale = 'zh-CN') => timeThere(iso, { locale, timeZone, now })
  it('is told by the clock of its calendar, wherever the reader sits', () => {
    expect(read('2026-11-23T10:00:00Z', 'Asia/Shanghai')).toMatch(/^18:00/)
    expect(read('2026-11-23T10:00:00Z', 'America/New_York', 'en')).toMatch(/05:00/)
  })
  it('names the day unless it is today there, which may be another day than here', () => {
    expect(read('2026-11-24T01:00:00Z', 'Asia/Shanghai')).toMatch(/^11月24日.*09:00/)
    // In New York it is still Sunday evening.
    expect(read('2026-11-23T14:00:00Z', 'America/New_York', 'en')).toMatch(
      /^Mon, November 23 .*09:00|^November 23, Mon.*09:00|Nov.*23.*09:00/,
    )
    expect(read('2026-11-23T03:00:00Z', 'America/New_York', 'en')).toMatch(/^22:00/)
  })
  it('names the place only where its clock shows something else', () => {
    const here = new Intl.DateTimeFormat().resolvedOptions().timeZone
    expect(read('2026-11-23T10:00:00Z', here)).not.toContain('(')
    const elsewhere = here === 'Asia/Tokyo' ? 'Europe/Paris' : 'Asia/Tokyo'
    expect(read('2026-11-23T10:00:00Z', elsewhere)).toMatch(/\(.+\)$/)
  })
})
