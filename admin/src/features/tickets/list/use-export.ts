import { exportTickets, type ExportBody } from '../../../api/ticket-work.ts'
import { useSave } from '../../../shared/use-save.ts'
import { useWords } from '../../../shared/use-words.ts'

/** A list as a spreadsheet; who took which stands in the audit trail. */
export const useExport = () => {
  const { t } = useWords()
  const { busy, save } = useSave()
  const run = async (tickets: ExportBody['tickets']): Promise<void> => {
    const made = await save(() => exportTickets({ tickets }), t('ticket.exported'))
    if (made === null) return
    const link = document.createElement('a')
    link.href = made.value.url
    link.download = ''
    link.click()
  }
  return { busy, run }
}
