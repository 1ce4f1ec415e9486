/** The one official account that every server under test serves, in safe mode. */
export const officialAccount = {
  appId: 'wx0123456789abcdef',
  appSecret: '0123456789abcdef0123456789abcdef',
  token: 'benchToken',
  encodingAesKey: 'QmVuY2htYXJrS2V5MDEyMzQ1Njc4OWFiY2RlZmdoaWo',
  originalId: 'gh_bench0000001',
}

export const CONVERSATIONS = 200
export const AGENTS = 10

export const openIdOf = (conversation: number): string => `oBench${String(conversation).padStart(22, '0')}`
export const conversationOf = (openId: string): number => Number(openId.slice('oBench'.length))
