import { describe, expect, it } from '@jest/globals'
import { templatePart } from './template-part.ts'

const template = {
  id: 'T1',
  title: '订单提醒',
  text: '订单：{thing1}\n状态：{phrase2}',
  fields: [
    { name: 'thing1', label: '订单' },
    { name: 'phrase2', label: '状态' },
  ],
}

describe('CH-05 a message by template', () => {
  it('may be sent when every field says something, and reads as the customer will', () => {
    expect(templatePart(template, { thing1: ' 椅子 ', phrase2: '已发货' }, '').complete).toEqual({
      type: 'template',
      templateId: 'T1',
      data: { thing1: '椅子', phrase2: '已发货' },
      preview: '订单：椅子\n状态：已发货',
    })
  })
  it('shows blanks and waits while a field is empty', () => {
    expect(templatePart(template, { thing1: '椅子', phrase2: '  ' }, '')).toEqual({
      preview: '订单：椅子\n状态：____',
      badAddress: false,
      complete: null,
    })
  })
  it('takes an address of the web and no other', () => {
    const values = { thing1: '椅子', phrase2: '已发货' }
    expect(templatePart(template, values, 'https://a.example/x').complete).toMatchObject({ url: 'https://a.example/x' })
    for (const address of ['javascript:alert(1)', 'a.example', 'ftp://a.example'])
      expect(templatePart(template, values, address)).toMatchObject({ badAddress: true, complete: null })
  })
})
