export interface TableColumn {
  /** Name of the slot that draws the cell. */
  key: string
  titleKey: string
  width?: string
  align?: 'left' | 'right' | 'center'
  /** The list's name for ordering by this column; without it the heading is plain text. */
  sort?: string
  /** Which way the first click orders. Times start with the newest. */
  sortFirst?: 'asc' | 'desc'
}
