/**
 * `npm run build`: fills `dist/` with everything the image needs. Transpiled file by file and not bundled, since modules, channels and
 * migrations are found on disk. Types are checked by `npm run check`, not here.
 */
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { dirname, join, relative } from 'node:path'
import ts from 'typescript'
import { z } from 'zod'
import { codeRoot } from '#api/core/places.ts'
import { buildPages } from './pages.ts'

const PARTS = ['api', 'adapters', 'bot', 'jobs', 'migrations']
const LEFT_OUT = [
  /\.test\.ts$/,
  /\.d\.ts$/,
  /\.md$/,
  /\.stub$/,
  /^api\/test\//,
  // The pages carry their own copies.
  /^api\/assets\/faces\//,
  /^adapters\/testing\//,
  /^adapters\/[^/]+\/(client|fixtures|simulator\/page)\//,
]

const dist = join(codeRoot, 'dist')
const say = (line: string) => void process.stdout.write(`${line}\n`)

/** Paths below the root, with slashes. */
function productFiles(): string[] {
  return PARTS.filter((part) => existsSync(join(codeRoot, part)))
    .flatMap((part) => readdirSync(join(codeRoot, part), { withFileTypes: true, recursive: true }))
    .filter((entry) => entry.isFile())
    .map((entry) => relative(codeRoot, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .filter((file) => !LEFT_OUT.some((pattern) => pattern.test(file)))
}

function transpile(file: string): void {
  const source = readFileSync(join(codeRoot, file), 'utf8')
  const { outputText } = ts.transpileModule(source, {
    fileName: file,
    compilerOptions: {
      target: ts.ScriptTarget.ES2022,
      module: ts.ModuleKind.ESNext,
      verbatimModuleSyntax: true,
      rewriteRelativeImportExtensions: true,
    },
  })
  const target = join(dist, file.replace(/\.ts$/, '.js'))
  mkdirSync(dirname(target), { recursive: true })
  writeFileSync(target, outputText)
}

/** The aliases of the sources name `.ts` files; inside dist they lead to the `.js` beside them. */
function writeManifest(): void {
  const { name, version } = z
    .object({ name: z.string(), version: z.string() })
    .parse(JSON.parse(readFileSync(join(codeRoot, 'package.json'), 'utf8')))
  const imports = Object.fromEntries(['api', 'adapters', 'bot', 'jobs'].map((part) => [`#${part}/*.ts`, `./${part}/*.js`]))
  writeFileSync(join(dist, 'package.json'), `${JSON.stringify({ name, version, private: true, type: 'module', imports }, null, 2)}\n`)
}

for (const part of PARTS) rmSync(join(dist, part), { recursive: true, force: true })
const pages = buildPages({ log: say })
const files = productFiles()
for (const file of files) {
  if (file.endsWith('.ts')) transpile(file)
  else cpSync(join(codeRoot, file), join(dist, file))
}
writeManifest()
await pages
say(`dist/: ${files.length} files`)
