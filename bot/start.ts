/** Composition root of the bot process: callbacks, deliveries, and the routes that ask a platform. */
import { runProcess } from '#api/server.ts'

await runProcess(['bot'])
