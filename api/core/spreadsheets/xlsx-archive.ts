/** The zip around an .xlsx: parts by name, never more bytes than the archive declares and the limits allow. */
import type { Readable } from 'node:stream'
import { SaxesParser, type SaxesTagPlain } from 'saxes'
import yauzl from 'yauzl'
import { AppError } from '../errors.ts'
import { type Budget, unreadable } from './limits.ts'

/** A workbook of a thousand sheets and pictures has fewer. */
const MAX_PARTS = 5000

export interface Archive {
  has(part: string): boolean
  /** Feeds the part to the handlers piece by piece; after each, `yielded` says what to hand out. */
  parse<T>(part: string, handlers: XmlHandlers, yielded?: () => T[]): AsyncGenerator<T, void, undefined>
}
export interface XmlHandlers {
  /** `name` without its prefix. */
  open(name: string, attributes: Record<string, string>): void
  text?(text: string): void
  close?(name: string): void
}

export async function openArchive(file: Buffer, budget: Budget): Promise<Archive> {
  const { zip, entries } = await directoryOf(file)
  return {
    has: (part) => entries.has(part),
    async *parse(part, handlers, yielded = () => []) {
      const entry = entries.get(part)
      if (!entry) throw unreadable('damaged')
      budget.part(entry.uncompressedSize, entry.compressedSize)
      try {
        const parser = xmlParser(handlers)
        const stream = await contentOf(zip, entry)
        for await (const chunk of stream.setEncoding('utf8')) {
          budget.timed(() => parser.write(String(chunk)))
          yield* yielded()
        }
        parser.close()
        yield* yielded()
      } catch (error) {
        // yauzl, zlib and saxes speak in their own errors; for whoever sent the file they say the same.
        throw error instanceof AppError ? error : unreadable('damaged')
      }
    },
  }
}

function xmlParser(handlers: XmlHandlers): SaxesParser {
  const parser = new SaxesParser()
  const local = (name: string) => name.slice(name.indexOf(':') + 1)
  parser.on('error', (error) => {
    throw error
  })
  // No spreadsheet needs a document type, and entity tricks need one.
  parser.on('doctype', () => {
    throw unreadable('damaged')
  })
  parser.on('opentag', (tag: SaxesTagPlain) => handlers.open(local(tag.name), tag.attributes))
  parser.on('text', (text) => handlers.text?.(text))
  parser.on('cdata', (text) => handlers.text?.(text))
  parser.on('closetag', (tag: SaxesTagPlain) => handlers.close?.(local(tag.name)))
  return parser
}

const directoryOf = (file: Buffer): Promise<{ zip: yauzl.ZipFile; entries: Map<string, yauzl.Entry> }> =>
  new Promise((resolve, reject) => {
    const damaged = () => reject(unreadable('damaged'))
    yauzl.fromBuffer(file, { lazyEntries: true, validateEntrySizes: true }, (error: Error | null, zip: yauzl.ZipFile | undefined) => {
      if (error || !zip || zip.entryCount > MAX_PARTS) return damaged()
      const entries = new Map<string, yauzl.Entry>()
      zip.on('error', damaged)
      zip.on('entry', (entry: yauzl.Entry) => {
        entries.set(entry.fileName, entry)
        zip.readEntry()
      })
      zip.on('end', () => resolve({ zip, entries }))
      zip.readEntry()
    })
  })

const contentOf = (zip: yauzl.ZipFile, entry: yauzl.Entry): Promise<Readable> =>
  new Promise((resolve, reject) => {
    if (entry.isEncrypted()) return reject(unreadable('old_excel_or_password'))
    zip.openReadStream(entry, (error, stream) => (error ? reject(error) : resolve(stream)))
  })

/** Runs through a part whose handlers collect everything themselves. */
export async function readPart(archive: Archive, part: string, handlers: XmlHandlers): Promise<void> {
  for await (const nothing of archive.parse<never>(part, handlers)) void nothing
}
