import { readdir, readFile } from 'node:fs/promises'
import { describe, expect, it } from '@jest/globals'
import { WECHAT_PANEL_FACES, WECHAT_RETIRED_FACES } from '#api/contract/wechat-faces.ts'

describe('the pictures of the WeChat faces', () => {
  it('are there for every face, and no other ones', async () => {
    const needed = new Set([...WECHAT_PANEL_FACES, ...WECHAT_RETIRED_FACES].map((face) => `${face.picture}.svg`))
    const present = await readdir(new URL('../../../api/assets/faces/', import.meta.url))
    expect(present.sort()).toEqual([...needed].sort())
  })

  it('are plain drawings: no script, no link to elsewhere', async () => {
    const folder = new URL('../../../api/assets/faces/', import.meta.url)
    for (const name of await readdir(folder)) {
      expect(await readFile(new URL(name, folder), 'utf8')).not.toMatch(/<script|href=|\son\w+=|<foreignObject/i)
    }
  })
})
