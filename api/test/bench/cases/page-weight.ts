/** What a browser has to load, compressed as a proxy would: the scripts of the workbench's first page, and the embeddable widget. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildPages } from '../../../embedded/pages.ts'
import { pagesRoot } from '../../../core/places.ts'
import type { Case, Figure } from '../measurements.ts'

const kilobytes = (files: readonly string[]) =>
  files.reduce((sum, file) => sum + gzipSync(readFileSync(join(pagesRoot, file))).length, 0) / 1000

/** Scripts that the page names itself; those of other routes come when they are opened. */
function scriptsOf(page: string): string[] {
  const html = readFileSync(join(pagesRoot, page, 'index.html'), 'utf8')
  return [...html.matchAll(/(?:src|href)="\/([^"]+\.js)"/g)].map(([, file = '']) => join(page, file))
}

export const pageWeight: Case = {
  ids: ['page-weight'],
  async run({ say }) {
    await buildPages({ log: say })
    const figure = (id: string, title: string, product: number, atMost: number): Figure => ({
      id,
      title,
      product,
      reference: null,
      unit: 'kB gz',
      must: { atMost },
    })
    return [
      figure('page-weight.admin', 'scripts of the first page of the workbench', kilobytes(scriptsOf('admin')), 300),
      figure('page-weight.widget', 'embeddable widget before it is opened', kilobytes(['web/widget.js']), 30),
    ]
  },
}
