/** What somebody does on his phone with what our official account sent him. */
import type { SimulatedCustomer } from '#adapters/wechat-official/simulator/index.ts'
import type { TestApp } from './harness.ts'
import { until } from './until.ts'

interface Menu {
  head_content: string
  list: { id: string; content: string }[]
}
const answered = new Set<Menu>()

/** The question whether it was he, as it came over the wire and as long as he has not answered it. */
export function loginQuestion(who: SimulatedCustomer): Menu {
  const menus = who.sent().flatMap(({ payload }) => (payload as { msgmenu?: Menu }).msgmenu ?? [])
  const open = menus.find((menu) => !answered.has(menu) && menu.list.some(({ id }) => id.startsWith('login-')))
  if (!open) throw new Error('nobody has asked him')
  return open
}

/** Waits for the question, clicks, and until the click has arrived. */
export async function answerLogin(it: TestApp, who: SimulatedCustomer, answer: 'yes' | 'no'): Promise<Menu> {
  const question = await until(() => loginQuestion(who))
  const option = question.list.find(({ id }) => id.startsWith(`login-${answer}`))
  await it.simulator.settled((await who.chooseOption({ id: option?.id ?? '', text: option?.content ?? '' })).id)
  answered.add(question)
  return question
}
