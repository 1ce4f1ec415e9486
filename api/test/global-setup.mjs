// Jest loads this file with plain Node; tsx lets it read the TypeScript beside it and, later, the migrations.
import { register } from 'tsx/esm/api'

register()

let services

export default async function setUp() {
  const { serveTestServices } = await import('./services.ts')
  services = await serveTestServices()
  process.env.LIANKE_TEST_SERVICES = services.url
}

export const tearDown = () => services?.stop()
