/** Where attachments lie: the local disk, or any S3-compatible store. Keys are made by the server, never from a file's name. */
import type { Config } from '../config.ts'
import { createDiskStorage } from './disk.ts'

export interface Storage {
  put(key: string, data: Buffer, mime: string): Promise<void>
  /** @throws Error when there is no such object */
  read(key: string): Promise<Buffer>
  stream(key: string): Promise<NodeJS.ReadableStream>
  remove(key: string): Promise<void>
  /** Resolves when writing is possible. */
  check(): Promise<void>
}

export async function createStorage(config: Config): Promise<Storage> {
  if (config.storage.kind === 'disk') return createDiskStorage(config.dataDir)
  // The S3 client takes 0.4 s to load: only those who use it wait for it.
  const { createS3Storage } = await import('./s3.ts')
  return createS3Storage(config.storage)
}
