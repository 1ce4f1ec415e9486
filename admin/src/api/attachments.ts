import type { Attachment } from '#api/contract/attachment.ts'
import type { ErrorBody } from '#api/contract/errors.ts'
import { ApiError } from './http.ts'

export interface UploadOptions {
  /** 0 … 1 of the bytes handed to the network. */
  onProgress: (fraction: number) => void
  signal: AbortSignal
}

const failureOf = (status: number, error: ErrorBody['error'] | undefined): ApiError =>
  new ApiError(error?.code ?? (status === 413 ? 'payload_too_large' : 'internal'), status, error?.context ?? {})

const parsed = (text: string): Partial<{ data: Attachment } & ErrorBody> | null => {
  try {
    return JSON.parse<Partial<{ data: Attachment } & ErrorBody>>(text)
  } catch {
    return null
  }
}

/** XMLHttpRequest because `fetch` cannot tell how much of an upload has gone out. */
export const uploadAttachment = (file: File, { onProgress, signal }: UploadOptions): Promise<Attachment> =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const form = new FormData()
    form.append('file', file, file.name)
    xhr.open('POST', '/api/v1/attachments')
    xhr.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    xhr.onerror = () => reject(new ApiError('offline', 0))
    xhr.onabort = () => reject(new ApiError('cancelled', 0))
    xhr.onload = () => {
      const body = parsed(xhr.responseText)
      if (xhr.status === 201 && body?.data !== undefined) resolve(body.data)
      else reject(failureOf(xhr.status, body?.error))
    }
    signal.addEventListener('abort', () => xhr.abort(), { once: true })
    xhr.send(form)
  })
