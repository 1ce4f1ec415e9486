/** Composition root of the jobs process. */
import { runProcess } from '#api/server.ts'

await runProcess(['jobs'])
