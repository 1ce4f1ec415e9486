export default {
  title: '服务关系',
  none: '还没有服务团队',
  since: '{from} 起',
  showPast: '显示已结束的 {n} 条',
  hidePast: '收起已结束的',
}
