/** A transcript as PDF, with the pictures in it as far as they are few and small. */
import path from 'node:path'
import { z } from 'zod'
import type { Content, TDocumentDefinitions } from 'pdfmake/interfaces.js'
import type { App } from '../../../core/app.ts'
import { Conflict } from '../../../core/errors.ts'
import { codeRoot } from '../../../core/places.ts'
import type { Transcript, TranscriptLine } from './load-transcript.ts'

/** Laying out takes the process's time: a longer one is exported as text, which is streamed. */
export const MOST_MESSAGES = 1000
const MOST_IMAGES = 60
const FONT = path.join(codeRoot, 'api/assets/fonts/NotoSansSC-Regular.ttf')

/** Takes a moment to load: only who exports waits for it. It may read our font and nothing else, and fetch nothing. */
async function printer() {
  const { default: pdf } = await import('pdfmake')
  const font = { normal: FONT, bold: FONT, italics: FONT, bolditalics: FONT }
  pdf.setFonts({ NotoSansSC: font })
  pdf.setLocalAccessPolicy((file) => path.resolve(file) === FONT)
  pdf.setUrlAccessPolicy(() => false)
  return pdf
}

const thumbnails = z.array(z.object({ id: z.string(), thumbnail_key: z.string() }))

/** Previews as data; a picture without one, or beyond the number, stays as its name. */
async function imagesOf(app: App, conversationId: string, lines: readonly TranscriptLine[]): Promise<Map<string, string>> {
  const ids = [...new Set(lines.flatMap(({ images }) => images))].slice(0, MOST_IMAGES)
  if (ids.length === 0) return new Map()
  const rows = thumbnails.parse(
    await app
      .db('attachments')
      .select('id', 'thumbnail_key')
      .whereIn('id', ids)
      .where({ conversation_id: conversationId })
      .whereNotNull('thumbnail_key'),
  )
  const images = new Map<string, string>()
  for (const { id, thumbnail_key: key } of rows) {
    // A file that is gone from the store must not keep the rest from being exported.
    const data = await app.storage.read(key).catch(() => null)
    if (data) images.set(id, `data:image/jpeg;base64,${data.toString('base64')}`)
  }
  return images
}

const COLORS = { customer: '#1d4ed8', staff: '#111827', note: '#b45309' } as const

function lineContent({ at, author, side, text, images }: TranscriptLine, pictures: ReadonlyMap<string, string>): Content[] {
  const shown = images.flatMap((id) => pictures.get(id) ?? [])
  return [
    {
      columns: [
        { text: author, color: COLORS[side], width: '*' },
        { text: at, style: 'quiet', width: 'auto' },
      ],
      margin: [0, 8, 0, 2],
    },
    { text, margin: [10, 0, 0, 0], preserveLeadingSpaces: true, ...(side === 'note' ? { background: '#fef3c7' } : {}) },
    ...shown.map((image): Content => ({ image, fit: [220, 220], margin: [10, 4, 0, 0] })),
  ]
}

function definitionOf({ words, facts, warning }: Transcript, content: Content[]): TDocumentDefinitions {
  return {
    info: { title: words.title },
    pageSize: 'A4',
    pageMargins: [48, 48, 48, 56],
    defaultStyle: { font: 'NotoSansSC', fontSize: 10, lineHeight: 1.3, color: '#111827' },
    styles: { title: { fontSize: 17 }, quiet: { fontSize: 8, color: '#6b7280' }, warning: { color: '#b45309' } },
    footer: (page, pages) => ({
      text: words.page.replace('{page}', String(page)).replace('{pages}', String(pages)),
      style: 'quiet',
      alignment: 'center',
      margin: [0, 20, 0, 0],
    }),
    content: [
      { text: words.title, style: 'title', margin: [0, 0, 0, 8] },
      { table: { widths: [90, '*'], body: facts.map(([label, value]) => [{ text: label, style: 'quiet' }, value]) }, layout: 'noBorders' },
      ...(warning === null ? [] : [{ text: warning, style: 'warning', margin: [0, 6, 0, 0] } satisfies Content]),
      { canvas: [{ type: 'line', x1: 0, y1: 6, x2: 499, y2: 6, lineWidth: 0.5, lineColor: '#d1d5db' }] },
      ...content,
    ],
  }
}

/** @throws Conflict `transcript_too_long` */
export async function asPdf(app: App, transcript: Transcript): Promise<Buffer> {
  const lines: TranscriptLine[] = []
  for await (const line of transcript.lines()) lines.push(line)
  const pictures = await imagesOf(app, transcript.id, lines)
  const content = lines.flatMap((line) => lineContent(line, pictures))
  return (await printer()).createPdf(definitionOf(transcript, content)).getBuffer()
}

/** Told before anything is laid out or written into the trail. @throws Conflict `transcript_too_long` */
export function checkLength(messages: number): void {
  if (messages > MOST_MESSAGES) throw new Conflict('transcript_too_long', 'export it as text', { max: MOST_MESSAGES })
}
