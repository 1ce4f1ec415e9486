import { totalmem } from 'node:os'

/** Command line of the embedded server: sane for one small machine, durable unless testing. */
export function postgresSettings(options: { port: number; socketFolder: string | undefined; testing: boolean }): string[] {
  const settings = {
    ...always,
    ...(options.testing ? fastButFragile : durable),
    port: String(options.port),
    unix_socket_directories: options.socketFolder ?? '',
  }
  return Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`])
}

const MEGABYTE = 2 ** 20

/** A share of the machine: what is read all day should stay in memory, and others live here too. */
function memory(bytes: number) {
  const share = (part: number, least: number, most: number) => `${Math.round(Math.min(most, Math.max(least, (bytes * part) / MEGABYTE)))}MB`
  return { shared_buffers: share(1 / 8, 128, 2048), effective_cache_size: share(1 / 2, 512, 16_384) }
}

const always = {
  listen_addresses: '127.0.0.1',
  unix_socket_permissions: '0700',
  max_connections: '200',
  ...memory(totalmem()),
  work_mem: '16MB',
  maintenance_work_mem: '128MB',
  // SSDs and the page cache make random reads nearly as cheap as sequential ones; without this the planner shuns indexes.
  random_page_cost: '1.1',
  max_wal_size: '2GB',
  checkpoint_timeout: '15min',
  // Compiling a plan costs more than any of our short queries.
  jit: 'off',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
}

const durable = { fsync: 'on', synchronous_commit: 'on', full_page_writes: 'on' }

const fastButFragile = { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', autovacuum: 'off', shared_buffers: '128MB' }
