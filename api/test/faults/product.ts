/** The whole product in a process of its own, to be killed. Everything it needs comes by the environment. */
import { readConfig } from '../../core/config.ts'
import { startApp } from '../../server.ts'

const running = await startApp({ config: readConfig(process.env), roles: ['api', 'bot', 'jobs'] })
process.send?.({ url: running.url })
