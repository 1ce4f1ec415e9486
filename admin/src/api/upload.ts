import type { ErrorBody } from '#api/contract/errors.ts'
import { ApiError } from './http.ts'

export interface UploadOptions {
  /** 0 … 1 of the bytes handed to the network. */
  onProgress: (fraction: number) => void
  signal: AbortSignal
}

const failureOf = (status: number, error: ErrorBody['error'] | undefined): ApiError =>
  new ApiError(error?.code ?? (status === 413 ? 'payload_too_large' : 'internal'), status, error?.context ?? {})

/**
 * Sends one file as the form field `file`. XMLHttpRequest because `fetch` cannot tell how much has gone out.
 * @param path below `/api/v1`
 * @param fields more form fields, sent before the file
 */
export const uploadFile = <T>(
  path: string,
  file: File,
  { onProgress, signal, fields = {} }: UploadOptions & { fields?: Record<string, string> },
): Promise<T> =>
  new Promise((resolve, reject) => {
    const xhr = new XMLHttpRequest()
    const form = new FormData()
    for (const [name, value] of Object.entries(fields)) form.append(name, value)
    form.append('file', file, file.name)
    xhr.open('POST', `/api/v1${path}`)
    xhr.upload.onprogress = (event) => event.lengthComputable && onProgress(event.loaded / event.total)
    xhr.onerror = () => reject(new ApiError('offline', 0))
    xhr.onabort = () => reject(new ApiError('cancelled', 0))
    xhr.onload = () => {
      try {
        const body = JSON.parse<Partial<{ data: T } & ErrorBody>>(xhr.responseText)
        if (xhr.status >= 200 && xhr.status < 300 && body.data !== undefined) resolve(body.data)
        else reject(failureOf(xhr.status, body.error))
      } catch {
        reject(failureOf(xhr.status, undefined))
      }
    }
    signal.addEventListener('abort', () => xhr.abort(), { once: true })
    xhr.send(form)
  })
