/**
 * The account's menu of up to three buttons, each with up to five below it.
 * https://developers.weixin.qq.com/doc/offiaccount/Custom_Menus/Creating_Custom-Defined_Menu.html
 */
import { z } from 'zod'
import type { ChannelContext } from '../contract/context.ts'
import { PermanentFailure, TransientFailure } from '../contract/failures.ts'
import { callApi } from './client.ts'
import type { OfficialAccount } from './connection.ts'

const button = z.record(z.string(), z.unknown())
const menuAnswer = z.object({ selfmenu_info: z.object({ button: z.array(button).default([]) }).default({ button: [] }) })
const nested = z.object({ list: z.array(button) })

/** The menu in force, in the shape in which it is written: the platform reads it out as `sub_button: { list }`. */
export async function readMenu(account: OfficialAccount, ctx: ChannelContext): Promise<Record<string, unknown>[]> {
  const answer = menuAnswer.safeParse(await currentMenu(account, ctx))
  if (!answer.success) throw new TransientFailure('menu answer of an unknown shape')
  return answer.data.selfmenu_info.button.map((entry) => {
    const children = nested.safeParse(entry.sub_button)
    return children.success ? { ...entry, sub_button: children.data.list } : entry
  })
}

/** 46003 (no menu) is an answer, not a fault. */
async function currentMenu(account: OfficialAccount, ctx: ChannelContext): Promise<unknown> {
  try {
    return await callApi(account, { path: '/cgi-bin/get_current_selfmenu_info', purpose: 'read' }, ctx)
  } catch (error) {
    if (error instanceof PermanentFailure && error.platformCode === '46003') return { selfmenu_info: { button: [] } }
    throw error
  }
}

/** An empty list deletes the menu. Customers see the change within a day, or after following anew. */
export async function writeMenu(account: OfficialAccount, buttons: Record<string, unknown>[], ctx: ChannelContext): Promise<void> {
  if (buttons.length === 0) await callApi(account, { path: '/cgi-bin/menu/delete', purpose: 'change' }, ctx)
  else await callApi(account, { path: '/cgi-bin/menu/create', json: { button: buttons }, purpose: 'change' }, ctx)
}
