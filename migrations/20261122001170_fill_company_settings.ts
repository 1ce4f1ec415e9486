import type { Knex } from 'knex'

/** A first privacy text, so that consent can be asked for from the first day; to be read and replaced by who answers for it. */
const PRIVACY_ZH = `我们重视您的个人信息。为了向您提供客户服务，我们会处理以下信息：

一、我们收集什么
1. 您主动提供的信息：姓名、手机号码、所在单位、职务，以及您在会话中发送的文字、图片、语音和文件。
2. 服务过程中产生的信息：会话与工单记录、服务评价、访问时间、IP 地址和设备类型。
3. 您通过微信等平台联系我们时，平台依其规则提供的标识与公开资料。

二、我们如何使用
仅用于答复您的咨询、处理您的问题、核实身份、改进服务质量，以及履行法律法规规定的义务。未经您同意，我们不会将其用于其他目的，也不会出售您的个人信息。

三、保存与保护
信息保存在中华人民共和国境内，保存期限以实现上述目的所必需的最短时间为限。我们以加密传输、权限控制、操作审计等措施保护您的信息，手机号码对无权限的工作人员作掩码显示。

四、您的权利
您可以查询、复制、更正、删除您的个人信息，也可以随时撤回同意；撤回不影响此前基于同意的处理。请在会话中向客服提出，我们会在十五个工作日内答复。

五、本说明的更新
内容变更时我们会发布新版本，并在您下次使用前再次征得您的同意。`

const PRIVACY_EN = `We take your personal information seriously. To serve you, we process the following:

1. What we collect
What you give us: name, mobile number, organisation, position, and the text, pictures, voice and files you send in a conversation.
What arises while we serve you: records of conversations and tickets, ratings, times of access, IP address and type of device.
When you reach us through a platform such as WeChat: the identifier and public profile which that platform provides under its rules.

2. How we use it
Only to answer you, solve your problem, verify who you are, improve our service, and meet our legal duties. Without your consent we use it for nothing else, and we never sell it.

3. Keeping and protecting it
It is kept within mainland China, and no longer than these purposes need. We protect it by encrypted transport, access control and an audit trail; mobile numbers are masked for staff without permission.

4. Your rights
You may ask for a copy of your information, have it corrected or deleted, and withdraw your consent at any time; what was done before stays lawful. Tell us in a conversation; we answer within fifteen working days.

5. Changes
When this text changes we publish a new version and ask for your consent again before you go on.`

export async function up(knex: Knex): Promise<void> {
  await knex.raw(`insert into company_settings (company_name, time_zone) values ('我的公司', 'Asia/Shanghai')`)
  await knex.raw(`insert into privacy_texts (version, body_zh, body_en, note) values (1, ?, ?, null)`, [PRIVACY_ZH, PRIVACY_EN])
}

export async function down(knex: Knex): Promise<void> {
  await knex.raw(`
    delete from company_settings;
    alter table privacy_texts disable trigger refuse_change;
    delete from privacy_texts;
    alter table privacy_texts enable trigger refuse_change;
  `)
}
