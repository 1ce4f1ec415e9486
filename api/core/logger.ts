/** Logs are objects with a dotted event name and row ids; never message text, phone numbers, tokens or names. */
import pino from 'pino'

export type Logger = pino.Logger

export const createLogger = (level: string, destination?: pino.DestinationStream): Logger =>
  pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      redact: {
        paths: [
          'req.headers',
          'res.headers',
          '*.authorization',
          '*.cookie',
          '*.token',
          '*.password',
          '*.secret',
          '*.phone',
          '*.text',
          '*.parts',
          '*.body',
          '*.payload',
          '*.raw',
        ],
        censor: '[hidden]',
      },
    },
    destination ?? pino.destination(1),
  )
