export interface TableColumn {
  /** Name of the slot that draws the cell. */
  key: string
  titleKey: string
  width?: string
  align?: 'left' | 'right' | 'center'
}
