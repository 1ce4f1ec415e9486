export { Account } from './model.ts'
export { createFirstAdministrator, createStaff } from './create-staff.ts'
export { permissionsOf } from './permissions.ts'
export { avatarUrl } from './present.ts'
