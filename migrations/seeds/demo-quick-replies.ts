/** What the demo's company has prepared to say, as its people would have written it. */
import type { OwnVariable, QuickReplyPartInput } from '#api/contract/quick-reply.ts'

export interface DemoReply {
  /** From the root. */
  category: readonly string[]
  code: string
  title: string
  parts: readonly QuickReplyPartInput[]
  variables?: readonly OwnVariable[]
}

const text = (words: string): QuickReplyPartInput => ({ type: 'text', text: words })
const plain = (name: string): OwnVariable => ({ name, kind: 'text', choices: [] })
const day = (name: string): OwnVariable => ({ name, kind: 'date', choices: [] })

/** Categories with the code of their kind of business, where they have one. */
export const CATEGORIES: readonly { path: readonly string[]; business?: string }[] = [
  { path: ['开场与等待'] },
  { path: ['订单与物流'], business: 'consultation' },
  { path: ['订单与物流', '催单'] },
  { path: ['售后与退换'], business: 'after_sales' },
  { path: ['售后与退换', '退款'] },
  { path: ['发票与对账'], business: 'billing' },
  { path: ['产品使用'], business: 'technical' },
  { path: ['结束语'] },
]

export const HOUSE_REPLIES: readonly DemoReply[] = [
  {
    category: ['开场与等待'],
    code: 'hy',
    title: '欢迎语',
    parts: [text('{{customer.name}}您好，我是{{company.name}}的客服{{agent.name}}，很高兴为您服务。请问有什么可以帮您？')],
  },
  {
    category: ['开场与等待'],
    code: 'sd',
    title: '请稍等，正在查询',
    parts: [text('好的，我马上为您查询，请稍等一两分钟，查到后第一时间回复您。')],
  },
  {
    category: ['开场与等待'],
    code: 'pd',
    title: '排队较多，请耐心等待',
    parts: [text('您好，当前咨询较多，您排在第 {{queue.position}} 位。您可以先留下订单号和问题，轮到您时我们会马上处理。')],
  },
  {
    category: ['开场与等待'],
    code: 'jjr',
    title: '久等致歉',
    parts: [text('{{customer.name}}，让您久等了，非常抱歉。刚才在核对您的订单信息，现在为您说明情况。')],
  },
  {
    category: ['订单与物流'],
    code: 'ddh',
    title: '请提供订单号',
    parts: [text('麻烦您提供一下订单号（以 YF 开头），或者下单时用的手机号，我来帮您查询。')],
  },
  {
    category: ['订单与物流'],
    code: 'fh',
    title: '已发货，附快递单号',
    parts: [text('您的订单已通过{{快递公司}}发出，单号 {{快递单号}}，预计 {{送达日期}} 送达，请保持电话畅通。')],
    variables: [
      { name: '快递公司', kind: 'choice', choices: ['顺丰', '京东物流', '德邦', '自有车队'] },
      plain('快递单号'),
      day('送达日期'),
    ],
  },
  {
    category: ['订单与物流', '催单'],
    code: 'cd',
    title: '催单已加急',
    parts: [text('已经为您加急并备注优先发货，最晚 {{发货日期}} 发出。发出后我会把单号发给您。')],
    variables: [day('发货日期')],
  },
  {
    category: ['订单与物流', '催单'],
    code: 'yq',
    title: '延期说明与致歉',
    parts: [
      text('非常抱歉，由于{{延期原因}}，您的订单预计推迟到 {{新的日期}} 送达。给您带来不便，我们为您申请了补偿，稍后由专人与您确认。'),
    ],
    variables: [plain('延期原因'), day('新的日期')],
  },
  {
    category: ['订单与物流'],
    code: 'azyy',
    title: '送装一体预约',
    parts: [text('您购买的商品包含送货上门与安装。请告诉我方便的日期、时间段和楼层（是否有电梯），我来为您预约师傅。')],
  },
  {
    category: ['售后与退换'],
    code: 'ths',
    title: '退换货流程',
    parts: [
      text(
        '签收后 7 天内不影响二次销售可以退货，15 天内质量问题可以换货：\n1. 提供订单号和商品照片\n2. 我们审核，1 个工作日内回复\n3. 师傅上门取件\n4. 入库后退款或换新',
      ),
    ],
  },
  {
    category: ['售后与退换', '退款'],
    code: 'tk',
    title: '退款进度',
    parts: [text('您的退款 {{退款金额}} 元已提交，将按原支付方式退回，一般 {{到账天数}} 个工作日到账，请留意银行通知。')],
    variables: [
      { name: '退款金额', kind: 'number', choices: [] },
      { name: '到账天数', kind: 'choice', choices: ['1–3', '3–5', '5–7'] },
    ],
  },
  {
    category: ['售后与退换', '退款'],
    code: 'tkbq',
    title: '退款需补充材料',
    parts: [text('为了尽快为您办理退款，还需要您补充：{{缺少的材料}}。您可以直接在这里发图片给我。')],
    variables: [plain('缺少的材料')],
  },
  {
    category: ['售后与退换'],
    code: 'gd',
    title: '已登记工单',
    parts: [text('您的问题已登记，工单编号 {{ticket.number}}。技术同事会在 1 个工作日内联系您，您也可以随时在这里询问进度。')],
  },
  {
    category: ['售后与退换'],
    code: 'smwx',
    title: '上门维修预约',
    parts: [text('已为您预约 {{上门日期}} {{时间段}} 上门维修，师傅出发前会先电话联系您。')],
    variables: [day('上门日期'), { name: '时间段', kind: 'choice', choices: ['上午', '下午', '晚上'] }],
  },
  {
    category: ['发票与对账'],
    code: 'kp',
    title: '开票信息收集',
    parts: [text('请提供：公司全称、税号、开户行及账号、地址电话、接收邮箱。收到后 1 个工作日内开出电子专票并发送到您的邮箱。')],
  },
  {
    category: ['发票与对账'],
    code: 'fp',
    title: '电子发票已开具',
    parts: [
      text('您的发票已开具并发送到 {{接收邮箱}}，请查收。如没有收到，请看一下垃圾邮件，或点下面的链接自行下载。'),
      { type: 'link', url: 'https://www.example.com/invoice', title: '云帆办公 · 电子发票下载', description: '凭订单号和手机号查询、下载' },
    ],
    variables: [plain('接收邮箱')],
  },
  {
    category: ['产品使用'],
    code: 'e07',
    title: '升降桌 E07 重新归位',
    parts: [text('E07 表示两侧立柱高度不一致。请拔掉电源等 10 秒再插上，然后长按“下”键 15 秒，桌子降到最低并轻微回弹就是归位完成。')],
  },
  {
    category: ['产品使用'],
    code: 'yzbz',
    title: '人体工学椅调节说明',
    parts: [text('座椅右侧前杆调高低，后杆调倾仰；腰托可上下移动 6 厘米。坐好后大腿与地面平行、腰部贴住腰托最舒适。')],
  },
  {
    category: ['结束语'],
    code: 'zj',
    title: '还有其他需要吗',
    parts: [text('请问还有其他需要帮助的吗？如果没有，我先结束本次会话，之后有问题随时发消息给我们。')],
  },
  {
    category: ['结束语'],
    code: 'pj',
    title: '感谢与邀请评价',
    parts: [text('感谢您的咨询，祝您工作顺利！稍后会收到一条满意度评价，期待您的反馈，{{agent.name}}在此谢过。')],
  },
]

/** Of 林晓's first team. */
export const TEAM_REPLIES: readonly DemoReply[] = [
  {
    category: [],
    code: 'sj',
    title: '转主管跟进',
    parts: [text('您的情况我已经向主管说明，{{team.name}}会由专人在 {{几小时}} 小时内与您联系。')],
    variables: [{ name: '几小时', kind: 'number', choices: [] }],
  },
]

/** 林晓's own. */
export const OWN_REPLIES: readonly DemoReply[] = [
  { category: [], code: 'hao', title: '好的收到', parts: [text('好的，收到～我这边马上处理，您先忙。')] },
  { category: [], code: 'zp', title: '请拍照片', parts: [text('麻烦您拍一张清楚的照片（正面和标签各一张）发给我，我好判断是哪个部件。')] },
]
