/**
 * Child process with the bundled in-memory Redis: for trying Lianke out where no redis-server is installed. Forgets everything when it ends.
 * Listens on the port given, 0 for any, and tells the parent which; when the parent dies, the channel closes and this process ends with it.
 */
import { once } from 'node:events'
import { createRedisServer } from 'js-redis-server'

process.once('disconnect', () => process.exit(0))
process.once('SIGTERM', () => process.exit(0))

const redis = await createRedisServer({})
const listener = redis.server.server
// It leaves Nagle's algorithm on, which costs up to 50 ms per call.
listener.prependListener('connection', (socket) => socket.setNoDelay(true))
// It listens on every interface and knows no password: listen again, on this machine alone.
const closed = once(listener, 'close')
listener.close()
await closed
const port = Number(process.argv[2]) || redis.port
listener.listen(port, '127.0.0.1')
await once(listener, 'listening')
process.send?.({ port })
