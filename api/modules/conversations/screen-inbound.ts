/** Higher modules look at customers' words before they are stored (`message.inbound`). Where nobody looks for anything this costs nothing. */
import type { Ctx } from '../../core/context.ts'
import type { InboundBatchItem, InboundMessage } from './append-inbound.ts'
import type { FoundInbound, InboundScreen } from './hooks.ts'

interface Finding {
  screen: InboundScreen
  messageId: string
  finding: unknown
}
export interface ScreenedBatch {
  items: readonly InboundBatchItem[]
  findings: readonly Finding[]
}

export async function screenBatch(ctx: Ctx, items: readonly InboundBatchItem[]): Promise<ScreenedBatch> {
  const asked = await Promise.all(ctx.app.hooks.all('message.inbound').map((hook) => hook(ctx)))
  const screens = asked.flatMap((screen) => screen ?? [])
  if (screens.length === 0) return { items, findings: [] }
  const findings: Finding[] = []
  const look = (message: InboundMessage): InboundMessage => {
    let { parts } = message
    for (const screen of screens) {
      const found = screen.screen(parts)
      if (!found) continue
      parts = found.parts
      findings.push({ screen, messageId: message.id, finding: found.finding })
    }
    return parts === message.parts ? message : { ...message, parts }
  }
  return { items: items.map((item) => ({ ...item, messages: item.messages.map(look) })), findings }
}

/** Once the messages are stored and have their places. */
export async function tellFindings(
  ctx: Ctx,
  findings: readonly Finding[],
  stored: readonly { item: InboundBatchItem; conversation: { id: string; last_seq: number } }[],
): Promise<void> {
  if (findings.length === 0) return
  const places = new Map(
    stored.flatMap(({ item, conversation }) =>
      item.messages.map(({ id }, index) => [
        id,
        { conversationId: conversation.id, customerId: item.customerId, seq: conversation.last_seq + index + 1 },
      ]),
    ),
  )
  const byScreen = new Map<InboundScreen, FoundInbound[]>()
  for (const { screen, messageId, finding } of findings) {
    const place = places.get(messageId)
    if (place) byScreen.set(screen, [...(byScreen.get(screen) ?? []), { ...place, messageId, finding }])
  }
  for (const [screen, found] of byScreen) await screen.found(ctx, found)
}
