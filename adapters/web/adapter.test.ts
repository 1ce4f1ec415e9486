import { describeAdapter } from '../testing/describe-adapter.ts'
import web from './index.ts'

describeAdapter(web, {
  configs: [
    {
      title: '在线客服',
      welcome: '您好，请描述您的问题',
      accent: '#1f6feb',
      allowedOrigins: ['https://shop.example.com'],
      identitySecret: 'a secret of the host site, long enough',
      requireIdentity: true,
    },
    { title: 'Help' },
  ],
})
