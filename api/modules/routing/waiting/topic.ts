/** Rung by whatever changes who waits where: standings are then counted anew and told. */
export const QUEUE_STANDINGS_TOPIC = 'queue-standings'
