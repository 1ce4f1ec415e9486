/**
 * Builds the pages as the last step of an installation, so that the first start does not have to. Where Vite is left out (an image without
 * development tools) there is nothing to build; a build that fails is told again by `npm start`, and an installation does not fail for it.
 */
import { buildPages } from './pages.ts'

const say = (line: string) => void process.stdout.write(`${line}\n`)

try {
  import.meta.resolve('vite/package.json')
  await buildPages({ log: say })
} catch (error) {
  say(`pages not built: ${error instanceof Error ? error.message : String(error)}`)
}
