import { isKept, ratioOf, type Figure } from './measurements.ts'

const digits = (value: number): string => {
  if (Number.isInteger(value) || Math.abs(value) >= 100) return value.toFixed(0)
  return value.toFixed(Math.abs(value) >= 10 ? 1 : 2)
}

const KEPT = new Map([
  [true, 'kept'],
  [false, 'BROKEN'],
  [null, ''],
])

export function asTable(figures: readonly Figure[]): string {
  const header = ['case', 'product', 'reference', 'unit', 'ratio', 'must', '', 'what']
  const rows = figures.map((figure) => {
    const ratio = ratioOf(figure)
    const { id, product, reference, unit, must, title } = figure
    const promise = must === null ? '' : 'atLeast' in must ? `≥ ${must.atLeast}` : `≤ ${must.atMost}`
    return [
      id,
      digits(product),
      reference === null ? '' : digits(reference),
      unit,
      ratio === null ? '' : ratio.toFixed(2),
      promise,
      KEPT.get(isKept(figure)) ?? '',
      title,
    ]
  })
  const widths = header.map((_, column) => Math.max(...[header, ...rows].map((row) => row[column]?.length ?? 0)))
  return [
    '',
    ...[header, ...rows].map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    ),
    '',
  ].join('\n')
}

export const asJson = (figures: readonly Figure[]): string =>
  `${JSON.stringify(
    figures.map((figure) => ({
      id: figure.id,
      product: figure.product,
      reference: figure.reference,
      ratio: ratioOf(figure),
      unit: figure.unit,
    })),
    null,
    2,
  )}\n`
