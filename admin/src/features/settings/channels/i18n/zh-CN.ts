const words = {
  entryPoints: {
    tab: '入口去向',
    intro: '从某个二维码、菜单或网页位置进来的客户，直接由指定的团队接待；也可以只指定业务类型或技能，由系统匹配团队。',
    add: '添加入口',
    edit: '修改去向',
    empty: '还没有为入口指定去向',
    emptyHint: '没有指定去向的入口，按「咨询接待」中的规则匹配团队。',
    columns: { kind: '入口', key: '标识', team: '团队', business: '业务类型', skill: '技能', actions: '操作' },
    kind: { qr: '二维码', menu: '菜单', page: '网页位置' },
    key: { qr: '二维码场景', menu: '菜单的 Key', page: '位置名称' },
    keyHint: {
      qr: '生成二维码时填写的场景名称，须完全一致。',
      menu: '自定义菜单中该按钮的 Key，须完全一致。',
      page: '网页嵌入代码中 data-entry 的值，如 data-entry="pricing"。',
    },
    none: '不指定',
    teamDisabled: '团队已停用',
    keyNeeded: '请填写{field}',
    destinationNeeded: '团队、业务类型、技能至少指定一项',
    taken: '这个入口已经有去向，请直接修改它',
    remove: '删除',
    removeSure: '删除后，从「{key}」进来的客户按「咨询接待」中的规则匹配团队。',
    saved: '入口去向已保存',
    removed: '入口去向已删除',
  },
}
export default words
