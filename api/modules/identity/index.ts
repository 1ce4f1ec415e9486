export { Account, Role } from './model.ts'
export { teamsOf } from './actor-teams.ts'
export { createFirstAdministrator, createStaff } from './create-staff.ts'
export { createCustomerAccount } from './customer-accounts.ts'
export { grantsOf, isWithin, permissionsOf, type Power } from './permissions.ts'
export { staffActor } from './sessions.ts'
export {
  accountToManage,
  changeAccount,
  changeRoleOf,
  disableAccount,
  enableAccount,
  endSecondFactor,
  giveAvatar,
  lockAdministrators,
  newCredentials,
  resetPassword,
  type Credentials,
  type ManagedAccount,
} from './staff-accounts.ts'
export { createRole, powerOf, roleToGrant } from './roles.ts'
export { checkCode, releaseCode } from './codes/check-code.ts'
export { createCaptcha } from './codes/captcha.ts'
export { requestCode, type CodeRequest } from './codes/request-code.ts'
export { rotateLoginSecrets } from './rotate-secrets.ts'
export { setPassword } from './set-password.ts'
export { claimSms, settleSms, SMS_TOPIC, type SmsClaim, type SmsOutcome } from './sms/outbox.ts'
export { loginSettings, smsProviderOf, type SmsProviderSettings } from './login-settings/login-settings.ts'
export { clearAttempts, countAttempt } from './login-attempts.ts'
export { passwordMatches } from './passwords.ts'
export { admit } from './admit.ts'
export { endSessions } from './end-sessions.ts'
export { logInByWechat, bindWechat } from './wechat/bindings.ts'
export {
  askedOf,
  beginScan,
  decideScan,
  finishScan,
  forgetScan,
  isLoginScene,
  recordAgreed,
  recordScan,
  scanLocale,
  scanState,
  waitingScan,
  type AskedBy,
  type NewScan,
  type ScanRow,
  type WechatPerson,
} from './wechat/scans.ts'
export { changeLoginSettings, WECHAT_CALLBACK_PATH, wechatOfficialAccount, wechatWebsite } from './login-settings/change-settings.ts'
export { confirmOwner } from './confirm-password.ts'
export { provePhone } from './phone-proof.ts'
export { mySecurity } from './my-security.ts'
export { avatarUrl, presentMe } from './present.ts'
