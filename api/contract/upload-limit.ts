/** Of one file, whatever a channel would allow. */
export const MAX_UPLOAD_BYTES = 20 * 1024 * 1024
