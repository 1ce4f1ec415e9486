import { describe, expect, it } from '@jest/globals'
import type { Conversation } from '#api/contract/conversation.ts'
import { belongs, isNewer, placed, sorted, type ListFilter } from './conversation-lists.ts'

const me = 'me'
const conversation = (id: string, change: Partial<Conversation> = {}): Conversation => ({
  id,
  status: 'open',
  customer: { id: `k${id}`, name: id, avatarUrl: null, tail: id, blocked: false, vip: false },
  channel: { accountId: 'a', kind: 'web', name: 'Web' },
  assignee: { id: me, name: 'Me', avatarUrl: null },
  source: null,
  lastSeq: 1,
  lastMessage: null,
  lastMessageAt: '2026-11-22T08:00:00.000Z',
  waitingSince: null,
  queuedAt: null,
  openedAt: null,
  priority: 0,
  acceptedAt: null,
  acceptBy: null,
  team: null,
  waitingFor: null,
  match: null,
  closedAt: null,
  closeReason: null,
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
  snooze: null,
  pinnedBy: [],
  continuesId: null,
  createdAt: '2026-11-22T07:00:00.000Z',
  version: 1,
  ...change,
})
const filter = (change: Partial<ListFilter> = {}): ListFilter => ({
  tab: 'mine',
  view: 'all',
  q: '',
  channelKind: '',
  team: '',
  sort: 'recent',
  ...change,
})

describe('the conversation lists', () => {
  it('ignores an older version and the same one again', () => {
    expect(isNewer({ version: 3 }, { version: 2 })).toBe(false)
    expect(isNewer({ version: 3 }, { version: 3 })).toBe(false)
    expect(isNewer({ version: 3 }, { version: 4 })).toBe(true)
    expect(isNewer(undefined, { version: 1 })).toBe(true)
  })

  it('moves an accepted conversation from the queue to mine', () => {
    const accepted = conversation('a')
    expect(placed(new Set(['a']), accepted, filter({ tab: 'queued' }), me)).toEqual(new Set())
    expect(placed(new Set(), accepted, filter(), me)).toEqual(new Set(['a']))
  })

  it('takes a conversation that a colleague accepted out of mine and of the queue', () => {
    const taken = conversation('a', { assignee: { id: 'other', name: 'Other', avatarUrl: null } })
    expect(belongs(taken, filter(), me)).toBe(false)
    expect(belongs(taken, filter({ tab: 'queued' }), me)).toBe(false)
  })

  it('shows one team, or what no team serves, when asked to', () => {
    const theirs = conversation('a', { status: 'queued', team: { id: 't', name: 'Team' } })
    const nobodys = conversation('b', { status: 'queued', team: null })
    const queue = (team: string) => [theirs, nobodys].filter((one) => belongs(one, filter({ tab: 'queued', team }), me)).map(({ id }) => id)
    expect(queue('')).toEqual(['a', 'b'])
    expect(queue('t')).toEqual(['a'])
    expect(queue('none')).toEqual(['b'])
  })

  it('puts nothing into a search by itself, but takes out what no longer belongs', () => {
    const searching = filter({ q: 'word' })
    expect(placed(new Set(), conversation('a'), searching, me)).toEqual(new Set())
    expect(placed(new Set(['a']), conversation('a', { status: 'closed' }), searching, me)).toEqual(new Set())
  })

  it('answers the very same set when nothing moved', () => {
    const ids = new Set(['a'])
    expect(placed(ids, conversation('a', { version: 2 }), filter(), me)).toBe(ids)
  })

  it('shows one channel when asked to', () => {
    expect(belongs(conversation('a'), filter({ channelKind: 'wechat-official' }), me)).toBe(false)
  })

  it('shows what I put aside apart from what waits for me', () => {
    const aside = conversation('a', { snooze: { until: null } })
    expect(belongs(aside, filter(), me)).toBe(false)
    expect(belongs(aside, filter({ view: 'snoozed' }), me)).toBe(true)
  })

  it('shows where I help apart from what is mine, and not where others do', () => {
    const assignee = { id: 'other', name: 'Other', avatarUrl: null }
    const helped = conversation('a', { assignee, helpers: [{ id: me, name: 'Me', avatarUrl: null, mayReply: false }] })
    expect(belongs(helped, filter(), me)).toBe(false)
    expect(belongs(helped, filter({ view: 'helping' }), me)).toBe(true)
    expect(belongs(conversation('b', { assignee }), filter({ view: 'helping' }), me)).toBe(false)
  })

  it('keeps on top what I pinned, and not what others did', () => {
    const rows = [
      conversation('new', { lastMessageAt: '2026-11-22T10:00:00.000Z', pinnedBy: ['other'] }),
      conversation('pinned', { lastMessageAt: '2026-11-22T09:00:00.000Z', pinnedBy: [me] }),
    ]
    expect(sorted(rows, 'recent', me).map(({ id }) => id)).toEqual(['pinned', 'new'])
  })

  it('puts whoever waits longest first, and those who wait for nothing last', () => {
    const rows = [
      conversation('answered', { lastMessageAt: '2026-11-22T10:00:00.000Z' }),
      conversation('short', { waitingSince: '2026-11-22T09:50:00.000Z' }),
      conversation('long', { waitingSince: '2026-11-22T09:10:00.000Z' }),
    ]
    expect(sorted(rows, 'waiting').map(({ id }) => id)).toEqual(['long', 'short', 'answered'])
    expect(sorted(rows, 'recent').map(({ id }) => id)).toEqual(['answered', 'long', 'short'])
  })
})
