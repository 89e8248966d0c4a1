// Fails when what a member of staff downloads is larger than agreed: everything built but the plots, compressed, < 400 kB.

import { readdirSync, readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const MOST = 400_000
const folder = new URL('../dist/assets/', import.meta.url)
const files = readdirSync(folder).map((name) => [name, gzipSync(readFileSync(new URL(name, folder))).length])
// Loaded only where there is a plot (src/audit/charts.ts).
const PLOTS = /^charts-/
const total = files.filter(([name]) => !PLOTS.test(name)).reduce((sum, [, bytes]) => sum + bytes, 0)
for (const [name, bytes] of files) console.log(`${String(bytes).padStart(8)}  ${name}`)
console.log(`${String(total).padStart(8)}  bytes compressed without plots, at most ${MOST}`)
if (total > MOST) process.exit(1)
