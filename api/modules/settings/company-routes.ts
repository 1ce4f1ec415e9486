import { z } from 'zod'
import { one } from '../../contract/list.ts'
import { companySettingsPatch, companySettingsSchema, privacyTextPublish, privacyTextSchema } from '../../contract/settings.ts'
import { route } from '../../core/http/route.ts'
import { companySettings, presentPrivacyText, privacyTexts, publishPrivacyText, updateCompany } from './company.ts'

const manage = { permission: 'settings.manage' } as const
const SHOWN = 100

export const companyRoutes = [
  route({
    method: 'GET',
    path: '/api/v1/settings/company',
    summary: 'Name, 备案号, time zone and the privacy text in force',
    tag: 'settings',
    auth: 'staff',
    response: one(companySettingsSchema),
    handle: async (ctx) => ({ data: await companySettings(ctx) }),
  }),
  route({
    method: 'PATCH',
    path: '/api/v1/settings/company',
    summary: 'Change the company settings',
    tag: 'settings',
    auth: manage,
    body: companySettingsPatch,
    example: { companyName: '远山科技（杭州）有限公司', icpNumber: '浙ICP备2026000001号', timeZone: 'Asia/Shanghai', version: 1 },
    response: one(companySettingsSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await updateCompany(ctx, body) }),
  }),
  route({
    method: 'GET',
    path: '/api/v1/settings/privacy-texts',
    summary: 'All versions of the privacy text, newest first (the last 100)',
    tag: 'settings',
    auth: manage,
    response: one(z.array(privacyTextSchema)),
    handle: async (ctx) => ({ data: (await privacyTexts(ctx, SHOWN)).map(presentPrivacyText) }),
  }),
  route({
    method: 'POST',
    path: '/api/v1/settings/privacy-texts',
    summary: 'Publish a new version of the privacy text; customers are asked to agree again',
    tag: 'settings',
    auth: manage,
    status: 201,
    body: privacyTextPublish,
    example: {
      zh: '我们重视您的个人信息。……（全文不少于二十个字）',
      en: 'We take your personal information seriously …',
      note: '增加保存期限',
      after: 1,
    },
    response: one(companySettingsSchema),
    errors: ['version_conflict'],
    handle: async (ctx, { body }) => ({ data: await publishPrivacyText(ctx, body) }),
  }),
]
