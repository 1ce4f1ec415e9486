import { describe, expect, it } from '@jest/globals'
import { configFields, formValues, mustFill, readForm } from './config-fields.ts'
import { menuButton, menuNode, menuProblems, nodesOfJson } from './menu-tree.ts'

const schema = {
  type: 'object',
  required: ['appId', 'secret', 'mode'],
  properties: {
    appId: { type: 'string', title: { 'zh-CN': '应用', en: 'App' } },
    secret: { type: 'string', writeOnly: true, 'x-title': { 'zh-CN': '密钥', en: 'Secret' } },
    mode: { type: 'string', enum: ['plain', 'safe'], default: 'safe' },
    origins: { type: 'array', items: { type: 'string' } },
    limit: { anyOf: [{ type: 'integer' }, { type: 'null' }], title: 'Limit' },
    strange: true,
  },
}

describe('the settings form of a channel', () => {
  const fields = configFields(schema)

  it('is drawn from the schema, with titles in both languages and secrets apart', () => {
    expect(fields.map(({ name, input, required }) => [name, input, required])).toEqual([
      ['appId', 'text', true],
      ['secret', 'secret', true],
      ['mode', 'select', false],
      ['origins', 'lines', false],
      ['limit', 'number', false],
    ])
    expect(fields[1]?.title).toEqual({ 'zh-CN': '密钥', en: 'Secret' })
    expect(fields[4]?.title).toEqual({ 'zh-CN': 'Limit', en: 'Limit' })
    expect(fields[3]?.title.en).toBe('origins')
  })

  it('never shows a secret and leaves an untouched one out', () => {
    const values = formValues(fields, { appId: 'wx1', secret: 'leaked', origins: ['https://a.example', 'https://b.example'] })
    expect(values).toMatchObject({ appId: 'wx1', secret: '', mode: 'safe', origins: 'https://a.example\nhttps://b.example' })
    expect(readForm(fields, values, ['secret'])).toEqual({
      config: { appId: 'wx1', mode: 'safe', origins: ['https://a.example', 'https://b.example'] },
      problems: {},
    })
  })

  it('asks for what is missing, a secret only as long as none is set', () => {
    expect(readForm(fields, formValues(fields, {}), []).problems).toEqual({ appId: 'required', secret: 'required' })
    expect(fields.filter((field) => mustFill(field, [])).map(({ name }) => name)).toEqual(['appId', 'secret'])
    expect(fields.filter((field) => mustFill(field, ['secret'])).map(({ name }) => name)).toEqual(['appId'])
  })

  it('sends numbers as numbers', () => {
    expect(readForm(fields, { ...formValues(fields, {}), limit: '12' }, []).config['limit']).toBe(12)
  })
})

describe('the menu of an official account', () => {
  const buttons = [
    { name: '服务', sub_button: [{ type: 'view', name: '报修', url: 'https://a.example', extra: 1 }] },
    { type: 'click', name: '客服', key: 'KF' },
  ]

  it('survives the form unchanged, with the fields the form does not know', () => {
    expect(buttons.map(menuNode).map(menuButton)).toEqual(buttons)
  })

  it('says what the platform would refuse before it is published', () => {
    const nodes = nodesOfJson(
      JSON.stringify([
        { name: '', type: 'click' },
        { name: '名字太长了的菜单', type: 'click', key: 'k' },
        { name: '网页', type: 'view', url: 'javascript:1' },
        { name: '空', type: 'click' },
      ]),
    )
    expect(menuProblems(nodes).map(({ code }) => code)).toEqual(['too_many', 'name_missing', 'name_long', 'url_invalid', 'value_missing'])
  })

  it('takes the platform’s own JSON and refuses anything else', () => {
    expect(nodesOfJson('{"button":[{"name":"a","type":"click","key":"k"}]}')).toHaveLength(1)
    expect(() => nodesOfJson('{"a":1}')).toThrow(SyntaxError)
    expect(() => nodesOfJson('[1]')).toThrow(SyntaxError)
  })
})
