import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'

export interface ServiceUser {
  name: string
  uid: number
  gid: number
}

/** PostgreSQL refuses to run as root. As root we hand it to `postgres`, or to `nobody` where that user is missing; else it runs as we do. */
export function serviceUser(): ServiceUser | undefined {
  if (process.getuid?.() !== 0) return undefined
  const passwd = readFileSync('/etc/passwd', 'utf8').split('\n')
  for (const wanted of ['postgres', 'nobody']) {
    const [name, , uid, gid] = passwd.find((line) => line.startsWith(`${wanted}:`))?.split(':') ?? []
    if (name && uid && gid) return { name, uid: Number(uid), gid: Number(gid) }
  }
  throw new Error('running as root, and neither the user "postgres" nor "nobody" exists to run PostgreSQL as')
}

/** Whether `user` can enter and read `path`. Asked by trying, since ACLs and the modes of every parent folder count. */
export function canReach(path: string, user: ServiceUser | undefined): boolean {
  if (!user) return true
  const test = spawnSync('/bin/sh', ['-c', 'test -r "$1" && test -x "$1"', 'sh', path], { uid: user.uid, gid: user.gid, cwd: '/' })
  return test.status === 0
}

/** Options of child_process that make a child run as `user`, from a folder everyone may enter. */
export function runAs(user: ServiceUser | undefined): { uid?: number; gid?: number; cwd: string } {
  const cwd = process.platform === 'win32' ? process.cwd() : '/'
  return user ? { uid: user.uid, gid: user.gid, cwd } : { cwd }
}
