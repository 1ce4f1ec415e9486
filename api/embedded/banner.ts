/** The one block that tells the person at the terminal all they need. */
export interface BannerFacts {
  /** Where the application listens, for example http://127.0.0.1:3000 */
  url: string
  demo: boolean
  firstAdministrator: string | undefined
  simulator: boolean
  database: string
  redis: string
  dataDir: string
  seconds: number
}

export function banner(facts: BannerFacts): string {
  const rows: Array<[label: string, value: string]> = [['工作台 workbench', facts.url]]
  if (facts.demo) {
    rows.push(['演示账号 demo accounts', 'admin / supervisor / agent1 / agent2'])
    rows.push(['演示密码 demo password', 'lianke-demo'])
  }
  if (facts.firstAdministrator) rows.push(['管理员 administrator', facts.firstAdministrator])
  if (facts.simulator) rows.push(['微信模拟器 WeChat simulator', `${facts.url}/simulator`])
  rows.push(['数据库 database', facts.database], ['Redis', facts.redis], ['数据目录 data folder', facts.dataDir])
  const width = Math.max(...rows.map(([label]) => columns(label)))
  const lines = rows.map(([label, value]) => `  ${label}${' '.repeat(width - columns(label))}   ${value}`)
  const title = `  连客 Lianke 已就绪 · ready in ${facts.seconds.toFixed(1)} s`
  const rule = '─'.repeat(Math.max(...[title, ...lines].map(columns)) + 2)
  return ['', rule, title, '', ...lines, '', '  按 Ctrl-C 停止 · Ctrl-C stops everything', rule, ''].join('\n')
}

/** Terminal columns: a Chinese character takes two. */
function columns(text: string): number {
  return [...text].reduce(
    (sum, character) => sum + (/[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60]/.test(character) ? 2 : 1),
    0,
  )
}
