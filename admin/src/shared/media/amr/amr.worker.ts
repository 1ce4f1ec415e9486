import { serveDecoder } from '../decoder-worker.ts'
import { decodeAmr } from './amr-decoder.ts'

serveDecoder(decodeAmr)
