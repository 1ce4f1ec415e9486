import type { MessageTemplate } from '#api/contract/channel.ts'
import type { MessagePart } from '#api/contract/message.ts'

type TemplatePart = Extract<MessagePart, { type: 'template' }>
export interface TemplateDraft {
  /** As the customer reads it; what is not filled in yet is a blank to fill. */
  preview: string
  badAddress: boolean
  /** What may be sent, once every field says something. */
  complete: TemplatePart | null
}

const BLANK = '____'
const isWebAddress = (text: string): boolean => URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)

/** Pure: the message that the form stands for. */
export function templatePart(template: MessageTemplate, values: Readonly<Record<string, string>>, address: string): TemplateDraft {
  const said = Object.fromEntries(template.fields.map(({ name }) => [name, values[name]?.trim() ?? '']))
  const preview = template.text.replace(/\{(\w+)\}/g, (whole, name: string) => (name in said ? said[name] || BLANK : whole)).trim()
  const url = address.trim()
  const badAddress = url !== '' && !isWebAddress(url)
  const whole = !badAddress && Object.values(said).every((value) => value !== '')
  const part: TemplatePart = {
    type: 'template',
    templateId: template.id,
    data: said,
    preview: preview.slice(0, 1024),
    ...(url === '' ? {} : { url }),
  }
  return { preview, badAddress, complete: whole ? part : null }
}
