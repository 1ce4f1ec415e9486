const words = {
  customerPanel: {
    title: '客户',
    remark: '备注名',
    remarkPlaceholder: '点击填写备注名',
    remarkEmpty: '还没有备注名',
    identities: '渠道身份',
    subscribed: '已关注',
    unsubscribed: '已取消关注',
    source: '来源',
    firstSeen: '首次来访',
    lastSeen: '最近来访',
    history: '历史会话',
    noHistory: '没有更早的会话',
    current: '当前',
    servedBy: '{name} 接待',
    platformName: '渠道昵称',
    added: '建档时间',
    tail: '尾号 {tail}',
  },
}
export default words
