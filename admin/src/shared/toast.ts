import { ElMessage } from 'element-plus/es/components/message/index'
import 'element-plus/es/components/message/style/css'

/** Short answers to what the reader has just done. */
export const toast = {
  done: (message: string): void => void ElMessage({ message, type: 'success', duration: 2000, grouping: true }),
  failed: (message: string): void => void ElMessage({ message, type: 'error', duration: 5000, grouping: true, showClose: true }),
  info: (message: string): void => void ElMessage({ message, type: 'info', duration: 3000, grouping: true }),
}
