/** What a lost wake-up left behind is found within seconds: everything that drains is rung, whether or not anybody asked. */
import type { App } from '#api/core/app.ts'
import { listenerTopic } from '#api/core/events/domain-events.ts'
import { DELIVER_TOPIC, DOWNLOAD_TOPIC, INTAKE_TOPIC } from '#api/modules/channels/index.ts'
import { PROFILE_TOPIC } from '#api/modules/customers/index.ts'
import { SMS_TOPIC } from '#api/modules/identity/index.ts'
import { QUEUE_STANDINGS_TOPIC } from '#api/modules/routing/index.ts'

const EVERY_MS = 5000

export function ringEverything(app: App): { stop(): void } {
  const topics = [
    INTAKE_TOPIC,
    DELIVER_TOPIC,
    DOWNLOAD_TOPIC,
    PROFILE_TOPIC,
    SMS_TOPIC,
    QUEUE_STANDINGS_TOPIC,
    ...app.listeners.map((listener) => listenerTopic(listener.name)),
  ]
  const ring = () => topics.forEach((topic) => app.wakeups.ring(topic))
  ring()
  const timer = setInterval(ring, EVERY_MS)
  return { stop: () => clearInterval(timer) }
}
