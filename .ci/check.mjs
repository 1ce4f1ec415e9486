// `npm run check`: format, lint, types and import rules side by side; prints only what fails. `npm run check lint types` runs some.
import { spawn } from 'node:child_process'
import { existsSync, readdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'

const root = join(import.meta.dirname, '..')
const bin = (name) => join(root, 'node_modules', '.bin', name)
const cache = (name) => join(root, 'node_modules', '.cache', name)

const pageProjects = [
  'admin',
  ...readdirSync(join(root, 'adapters')).flatMap((name) => [`adapters/${name}/client`, `adapters/${name}/simulator/page`]),
]
  .map((folder) => join(folder, 'tsconfig.json'))
  .filter((file) => existsSync(join(root, file)))

const parts = ['api', 'adapters', 'bot', 'jobs', 'admin', 'migrations'].filter((part) => existsSync(join(root, part)))

// The longest first, so that the short ones fill the gaps.
const tasks = [
  { name: 'lint', command: ['eslint', '.', '--cache', '--cache-strategy', 'content', '--cache-location', cache('eslint/')] },
  { name: 'types', command: ['tsc', '-p', '.'] },
  ...pageProjects.map((file) => ({ name: 'types', command: ['vue-tsc', '--noEmit', '-p', file] })),
  { name: 'format', command: ['prettier', '--check', '.', '--log-level', 'warn', '--cache', '--cache-location', cache('prettier/check')] },
  { name: 'arch', command: ['depcruise', '--config', '.dependency-cruiser.mjs', '--output-type', 'err-long', ...parts, 'knexfile.ts'] },
]

function run({ name, command: [program, ...args] }) {
  return new Promise((resolve) => {
    const startedAt = Date.now()
    const child = spawn(bin(program), args, { cwd: root, env: { ...process.env, FORCE_COLOR: process.stdout.isTTY ? '1' : '0' } })
    let output = ''
    child.stdout.on('data', (chunk) => (output += chunk))
    child.stderr.on('data', (chunk) => (output += chunk))
    child.on('error', (error) => resolve(report(`${error}`, 1)))
    child.on('close', (code) => resolve(report(output, code)))
    const report = (text, code) => {
      const seconds = ((Date.now() - startedAt) / 1000).toFixed(1)
      process.stdout.write(
        `${code === 0 ? 'ok  ' : 'FAIL'} ${name} (${[program, ...args].slice(0, 3).join(' ')}) ${seconds} s\n${code === 0 ? '' : `${text}\n`}`,
      )
      return code === 0
    }
  })
}

const wanted = process.argv.slice(2)
const queue = tasks.filter(({ name }) => wanted.length === 0 || wanted.includes(name))
const results = []
const work = async () => {
  for (let task = queue.shift(); task; task = queue.shift()) results.push(await run(task))
}
await Promise.all(Array.from({ length: Math.max(2, Math.min(4, availableParallelism())) }, work))
process.exit(results.every(Boolean) ? 0 : 1)
