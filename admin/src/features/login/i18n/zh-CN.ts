const words = {
  login: {
    title: '登录',
    username: '用户名',
    password: '密码',
    submit: '登录',
    usernameRequired: '请输入用户名',
    passwordRequired: '请输入密码',
    lockedFor: '账号已暂时锁定，{time} 后可再试',
    waitFor: '尝试过于频繁，{time} 后可再试',
    expired: '登录已过期，请重新登录。未发送的内容已为您保留。',
    capsLock: '大写锁定已开启',
    unreachable: '暂时连不上服务，正在重试…',
  },
}
export default words
