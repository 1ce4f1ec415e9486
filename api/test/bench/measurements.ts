/** What a case measures with, and what it finds. */
import type { Child } from './child.ts'
import type { Services } from './services.ts'

export interface Bench {
  services: Services
  /** Starts a process that ends with the benchmark. */
  start(file: string, env?: Record<string, string>): Child
  rounds: number
  warmUpSeconds: number
  seconds: number
  say(line: string): void
}

/** One row of the table. */
export interface Figure {
  id: string
  /** What is compared with what. */
  title: string
  product: number
  /** Null: the figure stands for itself. */
  reference: number | null
  unit: string
  /** The promise (guarantees): of the ratio, or of the figure itself where there is no reference. */
  must: { atLeast: number } | { atMost: number } | null
}

export interface Case {
  ids: readonly string[]
  /** @param wanted those of its ids that are asked for */
  run(bench: Bench, wanted: ReadonlySet<string>): Promise<Figure[]>
}

/** Above 1 the product's figure is the larger one. */
export const ratioOf = ({ product, reference }: Figure): number | null => (reference === null ? null : product / reference)

export function isKept(figure: Figure): boolean | null {
  if (figure.must === null) return null
  const value = ratioOf(figure) ?? figure.product
  return 'atLeast' in figure.must ? value >= figure.must.atLeast : value <= figure.must.atMost
}
