import { describe, expect, it } from '@jest/globals'
import type { Conversation, ConversationDetail } from '#api/contract/conversation.ts'
import { replacedTyped, typedAfter } from '../composer/trigger.ts'
import { rowMarks } from '../list/row-marks.ts'
import { filterOfView, viewOfFilter } from '../list/view-filter.ts'
import { allowed, type DeedId, type Standing } from './allowed.ts'
import { moments } from './later.ts'
import { missingFields } from './wrap-up.ts'

const ME = 'me'
const conversation = (change: Partial<Conversation> = {}): Conversation => ({
  id: 'c',
  status: 'open',
  customer: { id: 'k', name: '李强', avatarUrl: null, tail: 'k', blocked: false, vip: false },
  channel: { accountId: 'a', kind: 'web', name: 'Web' },
  assignee: { id: ME, name: 'Me', avatarUrl: null },
  team: null,
  source: null,
  lastSeq: 1,
  lastMessage: null,
  lastMessageAt: null,
  waitingSince: null,
  waitingFor: null,
  match: null,
  queuedAt: null,
  openedAt: null,
  priority: 0,
  acceptedAt: '2026-11-22T08:00:00.000Z',
  acceptBy: null,
  closedAt: null,
  closeReason: null,
  continuesId: null,
  snooze: null,
  pinnedBy: [],
  staffReadSeq: 0,
  customerReadSeq: 0,
  unread: 0,
  replyWindow: { state: 'open', remaining: null, closesAt: null },
  hasDraft: false,
  transfer: null,
  helpers: [],
  kind: 'direct',
  mergedInto: null,
  splitFrom: null,
  createdAt: '2026-11-22T07:00:00.000Z',
  version: 1,
  ...change,
})
const NONE: ConversationDetail['permissions'] = {
  note: false,
  reply: false,
  accept: false,
  close: false,
  transfer: false,
  invite: false,
  listen: false,
  whisper: false,
  takeOver: false,
  link: false,
}
const may = (deed: DeedId, change: Partial<Standing> = {}): boolean =>
  allowed(deed, { conversation: conversation(), permissions: NONE, meId: ME, can: () => false, canInviteRating: false, ...change })
const person = { id: 'x', name: 'X' }
const offer = { id: 't', from: person, by: person, to: { kind: 'agent' as const, ...person }, note: null, offeredAt: '', expiresAt: null }

describe('BP-004 what can be done with a conversation', () => {
  it('BP-004.6 is not passed on while an offer runs, which can be taken back', () => {
    const permissions = { ...NONE, transfer: true }
    expect(may('transfer', { permissions })).toBe(true)
    const running = conversation({ transfer: offer })
    expect(may('transfer', { permissions, conversation: running })).toBe(false)
    expect(may('cancelTransfer', { permissions, conversation: running })).toBe(true)
  })

  it('is put aside by its agent alone, and brought back by him', () => {
    expect(may('snooze')).toBe(true)
    expect(may('wake')).toBe(false)
    expect(may('wake', { conversation: conversation({ snooze: { until: null } }) })).toBe(true)
    expect(may('snooze', { conversation: conversation({ assignee: { id: 'x', name: 'X', avatarUrl: null } }) })).toBe(false)
  })

  it('is left by whoever helps in it', () => {
    expect(may('leave')).toBe(false)
    expect(may('leave', { conversation: conversation({ helpers: [{ id: ME, name: 'Me', avatarUrl: null, mayReply: false }] }) })).toBe(true)
  })

  it('offers nothing that the server would refuse before its answer is here', () => {
    expect(may('close', { permissions: undefined })).toBe(false)
    expect(may('accept', { permissions: undefined })).toBe(false)
  })
})

describe('what opens while one writes', () => {
  it('opens at the beginning and after a blank, not in the middle of an address or a date', () => {
    expect(typedAfter('/fahuo', 6, ['/'])).toEqual({ trigger: '/', query: 'fahuo', start: 0 })
    expect(typedAfter('您好 /发', 5, ['/'])).toEqual({ trigger: '/', query: '发', start: 3 })
    expect(typedAfter('https://a.cn', 12, ['/'])).toBeNull()
    expect(typedAfter('2026/11/22', 10, ['/'])).toBeNull()
  })

  it('ends with the line', () => {
    expect(typedAfter('/a\nb', 4, ['/'])).toBeNull()
  })

  it('puts what was chosen in the place of what was typed', () => {
    const typed = typedAfter('您好 /发 再见', 5, ['/'])
    expect(typed && replacedTyped('您好 /发 再见', typed, '今天发货')).toEqual({ text: '您好 今天发货 再见', cursor: 7 })
  })
})

describe('later', () => {
  const sunday = new Date(2026, 10, 22, 17, 30).getTime()
  it('is always in the future and named once', () => {
    const found = moments(sunday)
    expect(found.every(({ at }) => Date.parse(at) > sunday)).toBe(true)
    expect(new Set(found.map(({ at }) => at)).size).toBe(found.length)
    expect(found.map(({ later }) => later)).toEqual(['hour', 'threeHours', 'tomorrow'])
  })

  it('means this evening while there is time before it, and next Monday from a Monday', () => {
    const monday = new Date(2026, 10, 23, 10, 0).getTime()
    const found = new Map(moments(monday).map(({ later, at }) => [later, new Date(at)]))
    expect(found.get('evening')?.getHours()).toBe(18)
    expect(found.get('monday')?.getDate()).toBe(30)
  })
})

describe('BP-004.8 the wrap-up', () => {
  it('names what is still missing, and blanks are nothing', () => {
    const form = { categoryId: null, result: 'resolved' as const, tagIds: [], summary: '  ' }
    expect(missingFields(form, ['category', 'result', 'tags', 'summary'])).toEqual(['category', 'tags', 'summary'])
    expect(missingFields(form, [])).toEqual([])
  })
})

describe('a row of the list', () => {
  it('says what is out of the ordinary, the most important two', () => {
    expect(rowMarks(conversation(), ME)).toEqual([])
    const everything = conversation({
      transfer: offer,
      customer: { ...conversation().customer, blocked: true },
      helpers: [{ id: ME, name: 'Me', avatarUrl: null, mayReply: true }],
    })
    expect(rowMarks(everything, ME).map(({ key }) => key)).toEqual(['listing.offered', 'listing.blocked'])
  })

  it('says that an assigned conversation was not looked at yet to its agent alone', () => {
    const waiting = conversation({ acceptedAt: null })
    expect(rowMarks(waiting, ME).map(({ key }) => key)).toEqual(['listing.notAccepted'])
    expect(rowMarks(waiting, 'other')).toEqual([])
    expect(rowMarks({ ...waiting, acceptBy: '2026-11-22T08:00:30.000Z' }, ME)).toEqual([])
  })

  it('says who goes before others: a VIP always, points while they count', () => {
    const waiting = conversation({ status: 'queued', assignee: null, priority: 20 })
    expect(rowMarks(waiting, ME).map(({ key }) => key)).toEqual(['listing.priority'])
    expect(rowMarks({ ...waiting, customer: { ...waiting.customer, vip: true } }, ME).map(({ key }) => key)).toEqual(['listing.vip'])
    expect(rowMarks({ ...waiting, status: 'open' }, ME)).toEqual([])
  })
})

describe('BP-004.3 a saved view', () => {
  it('gives back the filters it was made of', () => {
    const filter = { tab: 'mine', view: 'snoozed', q: '发票', channelKind: 'web', team: 't', sort: 'waiting' } as const
    const { tab, ...rest } = filter
    expect(tab).toBe('mine')
    expect(filterOfView(viewOfFilter(filter))).toEqual(rest)
  })

  it('falls to the default where it was written by another version', () => {
    expect(filterOfView({ view: 'of the future', sort: ['x'] })).toEqual({ view: 'all', sort: 'recent', q: '', channelKind: '', team: '' })
  })
})
