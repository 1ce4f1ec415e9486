import { describe, expect, test } from '@jest/globals'
import { botRoutes } from '#bot/bot.ts'
import { describeApi, toOpenApi } from '../core/http/docs/openapi.ts'
import { renderPage } from '../core/http/docs/page.ts'
import { discoverModules } from '../core/modules.ts'

const modules = await discoverModules()
const routes = [...modules.flatMap((definition) => definition.routes ?? []), ...botRoutes]
const api = describeApi(routes)
const document = JSON.stringify(toOpenApi('https://kf.example.com', api))
const page = renderPage(api)

describe('the description of the API', () => {
  test('every route has a summary and a name of its own', () => {
    expect(new Set(api.operations.map(({ id }) => id)).size).toBe(routes.length)
    expect(routes.filter(({ summary }) => summary.trim() === '')).toEqual([])
  })

  test('every example would be accepted', () => {
    const withExample = routes.filter(({ example }) => example !== undefined)
    expect(withExample.length).toBeGreaterThan(10)
    for (const { body, example } of withExample) expect(() => body?.parse(example)).not.toThrow()
  })

  test('every schema that is referred to is there, in the document and on the page', () => {
    const wanted = new Set([...document.matchAll(/"#\/components\/schemas\/(\w+)"/g)].map(([, name]) => name))
    expect([...wanted].filter((name) => !api.components.has(name!))).toEqual([])
    const anchors = new Set([...page.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id))
    expect([...page.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id).filter((id) => !anchors.has(id))).toEqual([])
  })

  test('the page needs no script and carries no style of its own', () => {
    expect(page).not.toMatch(/<script|<style| style="| on\w+="/)
  })

  test('a route says how it refuses, each code under the status it is answered with', () => {
    const reply = api.operations.find(({ id }) => id === 'postConversationsIdMessages')
    expect(reply?.errors.get(409)).toContain('reply_window_closed')
    expect(reply?.errors.get(400)).toContain('part_not_supported')
    expect(reply?.errors.get(404)).toEqual(['not_found'])
  })
})
