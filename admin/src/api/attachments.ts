import type { Attachment } from '#api/contract/attachment.ts'
import { uploadFile, type UploadOptions } from './upload.ts'

export type { UploadOptions }

export const uploadAttachment = (file: File, options: UploadOptions): Promise<Attachment> => uploadFile('/attachments', file, options)
