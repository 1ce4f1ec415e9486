import { ElMessageBox } from 'element-plus/es/components/message-box/index'
import 'element-plus/es/components/message-box/style/css'

/** Asks for a few words; null when nothing was said. */
export const asked = async (question: { text: string; yes: string; no: string; max: number }): Promise<string | null> => {
  try {
    const { value } = await ElMessageBox.prompt(question.text, '', {
      confirmButtonText: question.yes,
      cancelButtonText: question.no,
      inputValidator: (words) => words.trim() !== '' && words.length <= question.max,
      inputErrorMessage: question.text,
    })
    return value.trim()
  } catch {
    return null
  }
}

/** Asks before something that cannot simply be undone. */
export const confirmed = async ({ text, yes, no }: { text: string; yes: string; no: string }): Promise<boolean> => {
  try {
    await ElMessageBox.confirm(text, '', { confirmButtonText: yes, cancelButtonText: no, type: 'warning' })
    return true
  } catch {
    return false
  }
}
