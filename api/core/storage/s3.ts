import { DeleteObjectCommand, GetObjectCommand, HeadBucketCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3'
import { Readable } from 'node:stream'
import { z } from 'zod'
import type { Config } from '../config.ts'
import type { Storage } from './storage.ts'

const bytesOf = z.instanceof(Uint8Array)

type S3Config = Extract<Config['storage'], { kind: 's3' }>

export function createS3Storage(config: S3Config): Storage {
  const client = new S3Client({
    region: config.region,
    ...(config.endpoint ? { endpoint: config.endpoint } : {}),
    forcePathStyle: config.forcePathStyle,
    credentials: { accessKeyId: config.accessKeyId, secretAccessKey: config.secretAccessKey },
    maxAttempts: 3,
  })
  const at = (key: string) => ({ Bucket: config.bucket, Key: `attachments/${key}` })
  const stream = async (key: string) => {
    const { Body } = await client.send(new GetObjectCommand(at(key)))
    if (!(Body instanceof Readable)) throw new Error('object without a body')
    return Body
  }
  return {
    async put(key, data, mime) {
      await client.send(new PutObjectCommand({ ...at(key), Body: data, ContentType: mime }))
    },
    async read(key) {
      const chunks: Buffer[] = []
      for await (const chunk of await stream(key)) chunks.push(Buffer.from(bytesOf.parse(chunk)))
      return Buffer.concat(chunks)
    },
    stream,
    async remove(key) {
      await client.send(new DeleteObjectCommand(at(key)))
    },
    async check() {
      await client.send(new HeadBucketCommand({ Bucket: config.bucket }))
    },
  }
}
