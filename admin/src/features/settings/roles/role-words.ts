import type { Permission } from '#api/contract/identity.ts'

/** Codes of permission points carry dots, which are steps of a path to vue-i18n. */
export const permissionKey = (permission: Permission): string => `roles.permission['${permission}']`
