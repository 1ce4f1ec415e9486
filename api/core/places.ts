import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** True in the transpiled tree (`dist/`), false when Node runs the TypeScript sources through tsx. */
export const transpiled = import.meta.url.endsWith('.js')

/** The folder that holds `api/ adapters/ bot/ jobs/ migrations/`: the checkout, or its `dist/`. */
export const codeRoot = fileURLToPath(new URL('../..', import.meta.url))

/** Built pages, each in the folder of its Vite configuration's choice below this one. */
export const pagesRoot = transpiled ? join(codeRoot, 'pages') : join(codeRoot, 'dist', 'pages')

export const migrationsDirectory = join(codeRoot, 'migrations')
