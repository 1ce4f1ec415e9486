import { describe, expect, test } from '@jest/globals'
import { z } from 'zod'
import { channelCapabilitiesSchema } from '#api/contract/conversation.ts'
import { messagePartSchema } from '#api/contract/message.ts'
import type { Subject } from './describe-adapter.ts'

/** Every kind of part that a message can have. */
export const PART_TYPES: readonly string[] = messagePartSchema.options.map((option) => option.shape.type.value)

const settingSchema = z.looseObject({
  title: z.object({ 'zh-CN': z.string().min(1), en: z.string().min(1) }),
  secret: z.literal(true).optional(),
})
const formSchema = z.object({
  type: z.literal('object'),
  properties: z.record(z.string(), settingSchema),
  additionalProperties: z.literal(false),
})

export function describeContract<Config>({ adapter, samples }: Subject<Config>): void {
  const form = () => formSchema.parse(JSON.parse(JSON.stringify(z.toJSONSchema(adapter.configSchema, { io: 'input' }))))

  describe('face', () => {
    test('is named in kebab case and in both languages', () => {
      expect(adapter.kind).toMatch(/^[a-z]+(-[a-z]+)*$/)
      expect(adapter.label['zh-CN']).not.toBe('')
      expect(adapter.label.en).not.toBe('')
    })

    test('has verify, parse and an acknowledgement together or not at all', () => {
      const given = [adapter.verify, adapter.parse, adapter.acknowledgement].map((member) => member !== undefined)
      expect(new Set(given).size).toBe(1)
    })
  })

  describe('settings', () => {
    test('become a JSON Schema whose fields are titled in both languages', () => {
      expect(Object.keys(form().properties)).not.toHaveLength(0)
    })

    test('mark what must stay secret', () => {
      const secretive = Object.entries(form().properties).filter(([name]) => /(secret|token|password|key)$/i.test(name))
      expect(secretive.filter(([, setting]) => setting.secret !== true).map(([name]) => name)).toEqual([])
    })

    test('accept the samples and refuse an unknown field', () => {
      for (const config of samples.configs) {
        expect(adapter.configSchema.safeParse(config).success).toBe(true)
        expect(adapter.configSchema.safeParse({ ...z.record(z.string(), z.unknown()).parse(config), unheardOf: 1 }).success).toBe(false)
      }
    })

    test('do not change when parsed again, as they are when loaded from the database', () => {
      for (const config of samples.configs) {
        const once = adapter.configSchema.parse(config)
        expect(adapter.configSchema.parse(JSON.parse(JSON.stringify(once)))).toEqual(once)
      }
    })
  })

  test('capabilities are complete and name only parts that exist', () => {
    const capabilities = channelCapabilitiesSchema.strict().parse(adapter.capabilities)
    expect(capabilities.parts.filter((part) => !PART_TYPES.includes(part))).toEqual([])
    expect(capabilities.parts).toContain('text')
    expect(capabilities.templates).toBe(capabilities.parts.includes('template'))
    expect(capabilities.filesAsLinks && capabilities.parts.includes('file')).toBe(false)
    const carriers = [...capabilities.parts, 'file']
    const named = Object.keys({ ...capabilities.maxFileBytes, ...capabilities.fileTypes })
    expect(named.filter((part) => !carriers.includes(part))).toEqual([])
  })
}
