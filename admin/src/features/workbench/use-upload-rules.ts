import type { ChannelCapabilities } from '#api/contract/conversation.ts'
import { fileSize } from '../../shared/format.ts'
import { toast } from '../../shared/toast.ts'
import { useWords } from '../../shared/use-words.ts'
import { useUploads } from '../../stores/uploads.ts'
import { fileProblem, MAX_PARTS } from './upload-rules.ts'

/** Takes files into the tray of a conversation; what the channel or the server would refuse is said before it is uploaded. */
export const useUploadRules = (conversationId: () => string, capabilities: () => ChannelCapabilities | undefined) => {
  const { t, errorCode } = useWords()
  const uploads = useUploads()

  const addFiles = (files: File[]): void => {
    const limits = capabilities()
    if (limits === undefined) return
    const held = uploads.items.filter((item) => item.conversationId === conversationId()).length
    if (held + files.length > MAX_PARTS) return toast.failed(t('composer.maxParts', { n: MAX_PARTS }))
    for (const file of files) {
      const problem = fileProblem(file, limits)
      if (problem === null) uploads.add(conversationId(), file)
      else if (problem.code === 'too_large') toast.failed(t('composer.tooLarge', { name: file.name, max: fileSize(problem.maxBytes) }))
      else if (problem.code === 'empty') toast.failed(errorCode('file_empty'))
      else toast.failed(t('composer.unsupported', { kind: t(`part.${problem.kind}`) }))
    }
  }
  return { addFiles }
}
