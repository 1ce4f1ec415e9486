// Jest loads this file with plain Node; tsx lets it read the TypeScript beside it and, later, the migrations.
import { register } from 'tsx/esm/api'

const unregister = register()

let services

export default async function setUp() {
  const { serveTestServices } = await import('./services.ts')
  services = await serveTestServices()
  process.env.LIANKE_TEST_SERVICES = services.url
}

/** The loader's thread would keep jest from ending. */
export async function tearDown() {
  await services?.stop()
  await unregister()
}
