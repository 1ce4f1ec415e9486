/** How PostgreSQL would go about what the product sends. */
import { z } from 'zod'
import { withConnection } from './services.ts'

/** As Knex reports it. */
export interface Statement {
  sql: string
  bindings: unknown[]
}

interface Node {
  'Node Type': string
  'Relation Name'?: string
  Plans?: Node[]
}

const planSchema = z.tuple([z.object({ 'QUERY PLAN': z.tuple([z.object({ Plan: z.custom<Node>() })]) })])

const nodesOf = (node: Node): Node[] => [node, ...(node.Plans ?? []).flatMap(nodesOf)]

/** Those of these tables that one of the statements reads from end to end. */
export const tablesScanned = (databaseUrl: string, sent: readonly Statement[], tables: readonly string[]): Promise<string[]> =>
  withConnection(databaseUrl, async (client) => {
    const scanned: string[] = []
    for (const { sql, bindings } of sent) {
      const { rows } = await client.query(`explain (format json) ${sql}`, bindings)
      const scans = nodesOf(planSchema.parse(rows)[0]['QUERY PLAN'][0].Plan).filter((node) => node['Node Type'] === 'Seq Scan')
      scanned.push(...scans.map((node) => node['Relation Name'] ?? '').filter((table) => tables.includes(table)))
    }
    return scanned
  })
