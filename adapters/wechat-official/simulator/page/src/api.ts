/** The simulator's own API. Addresses are relative: the page works under whatever prefix it was mounted. */
import type { CustomerAction } from '../../callbacks/actions.ts'
import type { Command } from '../../control/commands.ts'
import type { SimulatorView } from '../../control/view.ts'
import type { ShownSms } from '../../mount.ts'

const KIND = 'wechat-official'

type Fields = Record<string, unknown>
const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null
const isView = (value: unknown): value is SimulatorView => isFields(value) && value['kind'] === KIND

const readAnswer = async (response: Response): Promise<unknown> => {
  const answer: unknown = await response.json()
  if (!isFields(answer)) throw new Error('unreadable answer')
  if (isFields(answer['error'])) throw new Error(String(answer['error']['message']))
  return answer['data']
}

const send = async (what: string, body: unknown): Promise<unknown> =>
  readAnswer(
    await fetch(`api/${KIND}/${what}`, { method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  )

export const act = (appId: string, openId: string, action: CustomerAction) => send('actions', { appId, openId, action })
export const command = (request: Command) => send('commands', request)

export const readState = async (): Promise<SimulatorView | null> => {
  const data = await readAnswer(await fetch('api/state'))
  return Array.isArray(data) ? (data.find(isView) ?? null) : null
}

const isSms = (value: unknown): value is ShownSms => isFields(value) && typeof value['text'] === 'string'

export const readSms = async (): Promise<ShownSms[]> => {
  const data = await readAnswer(await fetch('api/sms'))
  return Array.isArray(data) ? data.filter(isSms) : []
}

/** Calls back on every change, and with false while the connection is lost. */
export const watchChanges = (onChange: () => void, onConnection: (connected: boolean) => void) => {
  const source = new EventSource('api/events')
  source.addEventListener('change', onChange)
  source.addEventListener('open', () => onConnection(true))
  source.addEventListener('error', () => onConnection(false))
}

export const mediaUrl = (appId: string, mediaId: string) => `api/${KIND}/media/${appId}/${mediaId}`
export const phoneLink = (appId: string, openId: string, url: string) =>
  `api/${KIND}/open?${new URLSearchParams({ account: appId, customer: openId, url }).toString()}`
export const codeUrl = (base: string, ticket: string) => `${base}/cgi-bin/showqrcode?ticket=${encodeURIComponent(ticket)}`
