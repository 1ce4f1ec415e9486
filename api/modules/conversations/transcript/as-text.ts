import { Readable } from 'node:stream'
import type { Transcript, TranscriptLine } from './load-transcript.ts'

/** Lines after the first are set in, so that nothing somebody wrote can look like the head of another message. */
const lineText = ({ at, author, text }: TranscriptLine): string => `[${at}] ${author}:\r\n${indented(text)}\r\n\r\n`
const indented = (text: string): string =>
  text
    .split('\n')
    .map((line) => `    ${line}`)
    .join('\r\n')

async function* textOf({ words, facts, warning, lines }: Transcript): AsyncGenerator<string> {
  // The mark tells older editors of Windows that this is UTF-8.
  yield `\ufeff${words.title}\r\n${facts.map(([label, value]) => `${label}: ${value.replaceAll('\n', ' ')}\r\n`).join('')}`
  if (warning !== null) yield `${warning}\r\n`
  yield '\r\n'
  for await (const line of lines()) yield lineText(line)
}

export const asText = (transcript: Transcript): Readable => Readable.from(textOf(transcript), { objectMode: false })
