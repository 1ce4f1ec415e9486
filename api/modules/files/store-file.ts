import type { App } from '../../core/app.ts'
import { newId } from '../../core/ids.ts'
import { sha256 } from '../../core/secrets.ts'
import { checkFileName, inspectFile } from './inspect-file.ts'
import { AttachmentRow } from './model.ts'

export interface FileToStore {
  data: Buffer
  name: string
  /** Who brings it; neither for what a platform delivered. */
  accountId?: string
  identityId?: string
  conversationId?: string
  mimeHint?: string
}

/**
 * Checks, stores, then records a file. The object is written before its row, outside any transaction: a crash leaves an
 * object that nothing names, never a row without its object.
 * @throws Invalid `file_type_refused`, `file_empty`, `file_name_refused`, `image_too_large`
 */
export async function storeFile(app: App, file: FileToStore): Promise<AttachmentRow> {
  const name = checkFileName(file.name)
  const inspected = await inspectFile(file.data, name, file.mimeHint)
  const id = newId()
  const storageKey = `${id}-o`
  const thumbnailKey = inspected.thumbnail ? `${id}-t` : null
  await app.storage.put(storageKey, inspected.data, inspected.mime)
  if (inspected.thumbnail && thumbnailKey) await app.storage.put(thumbnailKey, inspected.thumbnail, 'image/jpeg')
  try {
    return await AttachmentRow.query(app.db).insertAndFetch({
      id,
      kind: inspected.kind,
      name,
      mime: inspected.mime,
      size_bytes: inspected.data.length,
      sha256: sha256(inspected.data),
      width: inspected.width,
      height: inspected.height,
      storage_key: storageKey,
      thumbnail_key: thumbnailKey,
      account_id: file.accountId ?? null,
      identity_id: file.identityId ?? null,
      conversation_id: file.conversationId ?? null,
    })
  } catch (error) {
    await Promise.allSettled([app.storage.remove(storageKey), ...(thumbnailKey ? [app.storage.remove(thumbnailKey)] : [])])
    throw error
  }
}
