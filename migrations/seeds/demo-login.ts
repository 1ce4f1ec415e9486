/** How the people of the demo sign in beside their password. */

/** The website application of the simulated open platform. */
export const demoWebsite = { appId: 'wx5b1c9e7a3d2f8046', appSecret: '0c8e5a2f7b914d63a1f0e2d4c6b89735', name: '连客' }

/** The phone of a member of staff among the simulated ones: it scans and signs in. */
export const demoStaffPhone = {
  username: 'agent1',
  openId: 'oLk7s5Kf6bXm2dRt93HcpJv0Ye7s',
  unionId: 'oUnion8cW3kPz6nTq1xVb5',
  nickname: '林晓（员工）',
}
