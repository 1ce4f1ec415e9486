/** `npm run seed`: the demo, into the database that DATABASE_URL names. */
import { readConfig } from '#api/core/config.ts'
import { seedDemo } from './seed-demo.ts'

await seedDemo(readConfig(process.env))
