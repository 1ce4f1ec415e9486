import { z } from 'zod'
import { conversationOf } from '../settings.ts'
import { readCallback } from './read-callback.ts'

export interface Incoming {
  conversation: number
  id: string
  text: string
}

const jsonMessage = z.object({ conversation: z.int(), id: z.string(), text: z.string() })

export const fromJson = (body: string): Incoming => jsonMessage.parse(JSON.parse(body))

export function fromCallback(query: string, body: string): Incoming {
  const { FromUserName = '', MsgId = '', Content = '' } = readCallback(query, body)
  return { conversation: conversationOf(FromUserName), id: MsgId, text: Content }
}
