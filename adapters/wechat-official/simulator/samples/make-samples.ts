/**
 * Draws the sample media: `node --import tsx adapters/wechat-official/simulator/samples/make-samples.ts`.
 * Needs ffmpeg on the PATH for the clip; the files are committed, so nobody has to run this.
 */
import { execFileSync } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import sharp from 'sharp'

const at = (name: string) => fileURLToPath(new URL(name, import.meta.url))

const PARCEL = `<svg xmlns="http://www.w3.org/2000/svg" width="480" height="360"><rect width="480" height="360" fill="#dfe7ec"/>
<rect y="250" width="480" height="110" fill="#b8c4cc"/><path d="M110 130l130-50 130 50v150l-130 50-130-50z" fill="#c89b65"/>
<path d="M110 130l130 50v150l-130-50z" fill="#b58550"/><path d="M370 130l-130 50v150l130-50z" fill="#a67744"/>
<path d="M110 130l130-50 130 50-130 50z" fill="#d9b07c"/><path d="M175 105l130 50v60l-22-9v-46l-130-50z" fill="#e9d7b8"/>
<path d="M300 210l18 22-14 10 22 26-10 6 14 24" stroke="#3d2a17" stroke-width="5" fill="none"/></svg>`

const line = (y: number, width: number, fill = '#d5d9dd') => `<rect x="28" y="${y}" width="${width}" height="12" rx="6" fill="${fill}"/>`
const SCREENSHOT = `<svg xmlns="http://www.w3.org/2000/svg" width="300" height="420"><rect width="300" height="420" fill="#fff"/><rect width="300" height="56" fill="#f2f4f6"/>
${line(22, 110, '#8a939b')}<circle cx="150" cy="130" r="34" fill="#fdecea"/><path d="M150 112v24M150 145v5" stroke="#c5362b" stroke-width="8" stroke-linecap="round"/>
${line(190, 244, '#8a939b')}${line(216, 180)}${line(262, 244)}${line(288, 210)}${line(314, 120)}<rect x="28" y="356" width="244" height="40" rx="8" fill="#2f6fde"/></svg>`

/** 20 ms a frame; frame type 15 carries no data and is played as silence. */
const silentAmr = (seconds: number) => Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(seconds * 50, 0x7c)])

const picture = (svg: string) => sharp(Buffer.from(svg))

await picture(PARCEL).jpeg({ quality: 70, mozjpeg: true }).toFile(at('parcel.jpg'))
await picture(PARCEL).resize(160, 120).jpeg({ quality: 60, mozjpeg: true }).toFile(at('thumb.jpg'))
await picture(SCREENSHOT).png({ palette: true }).toFile(at('screenshot.png'))
writeFileSync(at('voice.amr'), silentAmr(3))

const SOURCE = 'color=c=0xdfe7ec:s=240x320:r=10:d=2,drawbox=x=20+80*t:y=130:w=60:h=60:color=0xc89b65:t=fill'
const ENCODE = [
  '-c:v',
  'libx264',
  '-pix_fmt',
  'yuv420p',
  '-crf',
  '32',
  '-preset',
  'veryslow',
  '-movflags',
  '+faststart',
  '-fflags',
  '+bitexact',
  '-map_metadata',
  '-1',
]
execFileSync('ffmpeg', ['-y', '-loglevel', 'error', '-f', 'lavfi', '-i', SOURCE, ...ENCODE, at('clip.mp4')])
