/** The file of a multipart/form-data body (RFC 7578); bodies are small and complete in memory. */

export interface FormFile {
  field: string
  fileName: string
  data: Buffer
}

const HEADER_END = '\r\n\r\n'

const readPart = (part: Buffer): FormFile | null => {
  const headerEnd = part.indexOf(HEADER_END)
  if (headerEnd < 0) return null
  const disposition = /content-disposition:([^\r\n]*)/i.exec(part.toString('utf8', 0, headerEnd))?.[1] ?? ''
  const field = /[;\s]name="([^"]*)"/.exec(disposition)?.[1]
  const fileName = /filename="([^"]*)"/.exec(disposition)?.[1]
  if (field === undefined || !fileName) return null
  return { field, fileName, data: part.subarray(headerEnd + HEADER_END.length) }
}

/** Null when there is no such form or no file under that name. */
export const readFormFile = (body: Buffer, contentType: string, field: string): FormFile | null => {
  const boundary = /^multipart\/form-data;.*boundary="?([^";]+)"?/i.exec(contentType)?.[1]
  if (!boundary) return null
  const delimiter = Buffer.from(`\r\n--${boundary}`)
  // The first delimiter may stand at the very beginning, without the line break before it.
  const text = Buffer.concat([Buffer.from('\r\n'), body])
  for (let start = text.indexOf(delimiter); start >= 0;) {
    const from = start + delimiter.length
    const end = text.indexOf(delimiter, from)
    if (end < 0) return null
    const file = readPart(text.subarray(from, end))
    if (file?.field === field) return file
    start = end
  }
  return null
}
