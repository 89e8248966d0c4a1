// Fails when what a member of staff downloads is larger than agreed: everything built, compressed, < 400 kB.

import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const MOST = 400_000
const folder = new URL('../dist/assets/', import.meta.url)
const files = readdirSync(folder).map((name) => [name, gzipSync(readFileSync(new URL(name, folder))).length])
const total = files.reduce((sum, [, bytes]) => sum + bytes, 0)
for (const [name, bytes] of files) console.log(`${String(bytes).padStart(8)}  ${name}`)
console.log(`${String(total).padStart(8)}  bytes compressed in all, at most ${MOST}`)
if (total > MOST) process.exit(1)
