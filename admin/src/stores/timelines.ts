import { defineStore } from 'pinia'
import { shallowReactive } from 'vue'
import type { Message } from '#api/contract/message.ts'
import * as api from '../api/conversations.ts'
import { appended, continued, emptyTimeline, firstSeq, lastSeq, opened, prepended, received, restarted, type Timeline } from './timeline.ts'

/** Conversations whose messages are kept in memory; beyond that the one looked at longest ago is dropped. */
const KEPT = 12
/** Missing more pages than this, the newest page is cheaper than catching up. */
const CATCH_UP_PAGES = 5
/** Messages asked for at once while scrolling, and those shown before one that is jumped to. */
const SCROLL_PAGE = api.MESSAGE_PAGE_MAX
const BEFORE_JUMP = 40

export interface TimelineStatus {
  loading: boolean
  loadingOlder: boolean
  loadingNewer: boolean
  failed: boolean
}
const idle: TimelineStatus = { loading: false, loadingOlder: false, loadingNewer: false, failed: false }

export const useTimelines = defineStore('timelines', () => {
  const byId = shallowReactive(new Map<string, Timeline>())
  const status = shallowReactive(new Map<string, TimelineStatus>())
  const catchingUp = new Map<string, Promise<void>>()

  const mark = (id: string, change: Partial<TimelineStatus>): void => void status.set(id, { ...idle, ...status.get(id), ...change })

  const keep = (id: string, timeline: Timeline): void => {
    byId.set(id, timeline)
    for (const old of [...byId.keys()].slice(0, Math.max(0, byId.size - KEPT))) {
      if (old === id) continue
      byId.delete(old)
      status.delete(old)
    }
  }

  const fetchNewer = async (id: string): Promise<void> => {
    for (let pages = 0; pages < CATCH_UP_PAGES; pages += 1) {
      const timeline = byId.get(id)
      if (timeline === undefined) return
      const page = await api.fetchMessages(id, { afterSeq: lastSeq(timeline), limit: api.MESSAGE_PAGE_MAX })
      const current = byId.get(id)
      if (current !== undefined) byId.set(id, appended(current, page))
      if (page.length < api.MESSAGE_PAGE_MAX) return
    }
    const newest = await api.fetchMessages(id)
    byId.set(id, restarted(byId.get(id) ?? emptyTimeline, newest, api.MESSAGE_PAGE))
  }

  /** Asks for what came after the newest known message; calls made meanwhile share the same request. */
  const catchUp = (id: string): Promise<void> => {
    if (byId.get(id)?.detached) return Promise.resolve()
    const running = catchingUp.get(id)
    if (running !== undefined) return running
    const run = fetchNewer(id)
      .catch(() => undefined)
      .finally(() => catchingUp.delete(id))
    catchingUp.set(id, run)
    return run
  }

  /** States of messages may have changed while nobody told us: refetch the newest page of what is on screen. */
  const refreshNewest = async (id: string): Promise<void> => {
    await catchUp(id)
    const page = await api.fetchMessages(id).catch(() => null)
    const current = byId.get(id)
    if (page === null || current === undefined) return
    byId.set(
      id,
      page.reduce((timeline, message) => received(timeline, message).timeline, current),
    )
  }

  const open = async (id: string): Promise<void> => {
    const known = byId.get(id)
    if (known !== undefined) {
      byId.delete(id)
      keep(id, known)
      // What became of one's answers meanwhile was told to who had it open.
      return refreshNewest(id)
    }
    mark(id, { loading: true, failed: false })
    try {
      const page = await api.fetchMessages(id)
      keep(id, restarted(byId.get(id) ?? emptyTimeline, page, api.MESSAGE_PAGE))
      mark(id, { loading: false })
    } catch {
      mark(id, { loading: false, failed: true })
    }
  }

  const loadOlder = async (id: string): Promise<void> => {
    const timeline = byId.get(id)
    if (timeline === undefined || timeline.reachedStart || status.get(id)?.loadingOlder) return
    mark(id, { loadingOlder: true })
    try {
      const page = await api.fetchMessages(id, { beforeSeq: firstSeq(timeline), limit: SCROLL_PAGE })
      byId.set(id, prepended(byId.get(id) ?? timeline, page, SCROLL_PAGE))
    } finally {
      mark(id, { loadingOlder: false })
    }
  }

  /** The messages around one of them, however far back; what is loaded stays when it holds that message already. */
  const openAt = async (id: string, seq: number): Promise<void> => {
    const known = byId.get(id)
    if (known !== undefined && firstSeq(known) <= seq && seq <= lastSeq(known)) return open(id)
    mark(id, { loading: true, failed: false })
    try {
      const page = await api.fetchMessages(id, { afterSeq: Math.max(0, seq - BEFORE_JUMP), limit: SCROLL_PAGE })
      keep(id, opened(page, SCROLL_PAGE))
      mark(id, { loading: false })
    } catch {
      mark(id, { loading: false, failed: true })
    }
  }

  /** Scrolling down in a stretch of the past. */
  const loadNewer = async (id: string): Promise<void> => {
    const timeline = byId.get(id)
    if (timeline?.detached === undefined || status.get(id)?.loadingNewer) return
    mark(id, { loadingNewer: true })
    try {
      const page = await api.fetchMessages(id, { afterSeq: lastSeq(timeline), limit: SCROLL_PAGE })
      byId.set(id, continued(byId.get(id) ?? timeline, page, SCROLL_PAGE))
    } finally {
      mark(id, { loadingNewer: false })
    }
  }

  /** From the past back to the newest page. */
  const toNewest = async (id: string): Promise<void> => {
    if (byId.get(id)?.detached === undefined) return
    const page = await api.fetchMessages(id)
    byId.set(id, restarted(emptyTimeline, page, api.MESSAGE_PAGE))
  }

  /** A pushed or answered message. Conversations that are not loaded are left alone: opening them asks for all. */
  const receive = async (message: Message): Promise<void> => {
    const timeline = byId.get(message.conversationId)
    if (timeline === undefined) return
    const result = received(timeline, message)
    if (result.timeline !== timeline) byId.set(message.conversationId, result.timeline)
    if (result.missingAfter !== null) await catchUp(message.conversationId)
  }

  return { byId, status, open, openAt, loadOlder, loadNewer, toNewest, receive, catchUp, refreshNewest }
})
