import { createReadStream } from 'node:fs'
import { mkdir, open, readFile, rename, rm, access, constants } from 'node:fs/promises'
import path from 'node:path'
import { newId } from '../ids.ts'
import type { Storage } from './storage.ts'

export async function createDiskStorage(dataDir: string): Promise<Storage> {
  const root = path.resolve(dataDir, 'attachments')
  await mkdir(root, { recursive: true })
  /** Two levels of folders from the random tail of the id keep directories small. */
  const locate = (key: string) => {
    if (!/^[a-z0-9-]{20,60}$/.test(key)) throw new Error('bad storage key')
    return path.join(root, key.slice(-2), key.slice(-4, -2), key)
  }
  return {
    async put(key, data) {
      const target = locate(key)
      const draft = `${target}.${newId()}.part`
      await mkdir(path.dirname(target), { recursive: true })
      try {
        const file = await open(draft, 'wx')
        try {
          await file.writeFile(data)
          await file.sync()
        } finally {
          await file.close()
        }
        await rename(draft, target)
      } catch (error) {
        await rm(draft, { force: true })
        throw error
      }
    },
    read: (key) => readFile(locate(key)),
    async stream(key) {
      const file = await open(locate(key), 'r')
      return createReadStream('', { fd: file })
    },
    remove: (key) => rm(locate(key), { force: true }),
    check: () => access(root, constants.W_OK),
  }
}
