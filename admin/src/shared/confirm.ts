import { ElMessageBox } from 'element-plus/es/components/message-box/index'
import 'element-plus/es/components/message-box/style/css'

/** Asks before something that cannot simply be undone. */
export const confirmed = async ({ text, yes, no }: { text: string; yes: string; no: string }): Promise<boolean> => {
  try {
    await ElMessageBox.confirm(text, '', { confirmButtonText: yes, cancelButtonText: no, type: 'warning' })
    return true
  } catch {
    return false
  }
}
