import type { Permission } from '#api/contract/identity.ts'

/** One of the pages of an area, as its navigation names it. */
export interface AreaPage {
  name: string
  titleKey: string
  /** Who lacks it is not offered the page. */
  permission?: Permission
  /** Pages below it that keep it lit. */
  also?: readonly string[]
}
