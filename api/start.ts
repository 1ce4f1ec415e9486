/** Composition root of the api process. */
import { runProcess } from './server.ts'

await runProcess(['api'])
