/** Small things kept on this device for one account. Where the browser forbids storage (private mode, blocked third-party data) they live as long as the page. */
import { parseJson } from '../record.ts'

export interface Keep {
  read(key: string): unknown
  write(key: string, value: unknown): void
  remove(key: string): void
  /** Keys that start so. */
  keys(prefix: string): string[]
}

export function createKeep(accountId: string, open: () => Storage): Keep {
  const storage = usable(open) ?? memoryStorage()
  const own = `lianke:${accountId}:`
  return {
    read: (key) => parseJson(storage.getItem(own + key)),
    write(key, value) {
      try {
        storage.setItem(own + key, JSON.stringify(value))
      } catch {
        // Full: the page goes on with what it holds in memory.
      }
    },
    remove: (key) => storage.removeItem(own + key),
    keys: (prefix) => allKeys(storage).flatMap((key) => (key.startsWith(own + prefix) ? [key.slice(own.length)] : [])),
  }
}

/** What is half written, kept over a reload. */
export function draftIn(keep: Keep): { read(): string; write(text: string): void } {
  const stored = keep.read('draft')
  return {
    read: () => (typeof stored === 'string' ? stored : ''),
    write: (text) => (text ? keep.write('draft', text) : keep.remove('draft')),
  }
}

type Store = Pick<Storage, 'getItem' | 'setItem' | 'removeItem' | 'key' | 'length'>

function allKeys(storage: Store): string[] {
  return Array.from({ length: storage.length }, (_, index) => storage.key(index)).filter((key) => key !== null)
}

/** Even naming `localStorage` throws where it is blocked; Safari's old private mode let it be named and threw on writing. */
function usable(open: () => Storage): Store | null {
  try {
    const storage = open()
    storage.setItem('lianke:probe', '1')
    storage.removeItem('lianke:probe')
    return storage
  } catch {
    return null
  }
}

function memoryStorage(): Store {
  const values = new Map<string, string>()
  return {
    get length() {
      return values.size
    },
    getItem: (key) => values.get(key) ?? null,
    setItem: (key, value) => void values.set(key, value),
    removeItem: (key) => void values.delete(key),
    key: (index) => [...values.keys()][index] ?? null,
  }
}
