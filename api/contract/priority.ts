/** The codes of the `priority` dictionary never change; its labels, colours and order may. */
export const PRIORITIES = ['low', 'normal', 'high', 'urgent'] as const
export type Priority = (typeof PRIORITIES)[number]
