// Fails when what somebody downloads is larger than agreed: all that an entry may load, compressed, but charts, which are
// loaded where they are shown.

import { readFileSync } from 'node:fs'
import { gzipSync } from 'node:zlib'

const MOST = { 'index.html': 400_000, 'citizen.html': 150_000 }
const dist = new URL('../dist/', import.meta.url)
const manifest = JSON.parse(readFileSync(new URL('.vite/manifest.json', dist), 'utf8'))
const isChart = (key) => /charts?[./-]|echarts/i.test(key)

/** Names of the files that an entry may load. */
function filesOf(entry) {
  const files = new Set()
  const seen = new Set()
  const visit = (key) => {
    if (seen.has(key) || isChart(key)) return
    seen.add(key)
    const chunk = manifest[key]
    for (const name of [chunk.file, ...(chunk.css ?? [])]) files.add(name)
    for (const next of [...(chunk.imports ?? []), ...(chunk.dynamicImports ?? [])]) visit(next)
  }
  visit(entry)
  return [...files]
}

let fits = true
for (const [entry, most] of Object.entries(MOST)) {
  const sizes = filesOf(entry).map((name) => [name, gzipSync(readFileSync(new URL(name, dist))).length])
  const total = sizes.reduce((sum, [, bytes]) => sum + bytes, 0)
  for (const [name, bytes] of sizes) console.log(`${String(bytes).padStart(8)}  ${name}`)
  console.log(`${String(total).padStart(8)}  bytes compressed for ${entry}, at most ${most}\n`)
  if (total > most) fits = false
}
if (!fits) process.exit(1)
