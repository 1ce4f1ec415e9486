/**
 * `npm run dev`: the whole product, started anew whenever a server file changes, and the workbench on Vite's own server (5173), which
 * passes API, callbacks and sockets on and replaces changed components in the open page.
 */
import { spawn } from 'node:child_process'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeRoot } from '#api/core/places.ts'

const vite = join(dirname(fileURLToPath(import.meta.resolve('vite/package.json'))), 'bin', 'vite.js')
const port = process.env['PORT'] ?? '3000'
const commands = [
  ['--watch', '--watch-preserve-output', '--import', 'tsx', 'api/embedded/start.ts', '--no-workbench', ...process.argv.slice(2)],
  [vite, '--config', 'admin/vite.config.ts', '--clearScreen', 'false'],
]

const children = commands.map((args) =>
  spawn(process.execPath, args, { cwd: codeRoot, stdio: 'inherit', env: { ...process.env, LIANKE_API: `http://127.0.0.1:${port}` } }),
)

// Ctrl-C reaches the children by itself; a SIGTERM for us, or the end of one, has to be passed on.
const endAll = () => {
  for (const child of children) child.kill('SIGTERM')
}
process.on('SIGTERM', endAll)
process.on('SIGINT', () => {})
for (const child of children) child.once('exit', endAll)
