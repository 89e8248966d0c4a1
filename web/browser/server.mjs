// A server of its own for the browser tests: a copy of an archive with really read scans, and the programs built here.
//
//   JUANZONG_SAMPLE  folder with `data/` (the archive) and `scans/truth/` (what is printed where); default target/web-sample
//   JUANZONG_BIN     folder of the programs; default target/debug

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sample = process.env.JUANZONG_SAMPLE ?? join(root, 'target/web-sample')
const programs = process.env.JUANZONG_BIN ?? join(root, 'target/debug')

/** What is printed on the scans, one entry a case. */
export function truths() {
  const folder = join(sample, 'scans/truth')
  return readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

function freePort() {
  return new Promise((resolve, reject) => {
    const probe = createServer()
    probe.once('error', reject)
    probe.listen(0, '127.0.0.1', () => {
      const { port } = probe.address()
      probe.close(() => resolve(port))
    })
  })
}

/** Runs a program; what it says is shown when it fails. */
function run(name, args) {
  const child = spawn(join(programs, name), args, { stdio: ['ignore', 'pipe', 'pipe'] })
  let said = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (text) => (said += text))
  return { child, said: () => said, stop: () => end(child) }
}

function end(child) {
  if (child.exitCode !== null || child.signalCode !== null) return Promise.resolve()
  return new Promise((resolve) => {
    child.once('exit', resolve)
    child.kill('SIGTERM')
  })
}

/** Waits until `ready` resolves to something true. */
export async function until(ready, what, patience = 30_000) {
  const last = Date.now() + patience
  for (;;) {
    const got = await ready()
    if (got) return got
    if (Date.now() > last) throw new Error(`waited in vain: ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 100))
  }
}

/** A running server with an archive of its own, in which corrections can be made. */
export async function startServer() {
  if (!existsSync(join(sample, 'data/catalogue.db'))) throw new Error(`no archive in ${sample}: run \`make web-sample\``)
  const folder = mkdtempSync(join(tmpdir(), 'juanzong-web-'))
  const data = join(folder, 'data')
  cpSync(join(sample, 'data'), data, { recursive: true })
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const server = run('juanzong', ['--data', data, 'serve', '--listen', `127.0.0.1:${port}`])
  const others = []
  const stop = async () => {
    await Promise.all([server, ...others].map((one) => one.stop()))
    rmSync(folder, { recursive: true, force: true })
  }
  try {
    await until(async () => {
      if (server.child.exitCode !== null) throw new Error(server.said())
      return fetch(`${origin}/readyz`).then((answer) => answer.ok, () => false)
    }, 'the server')
  } catch (error) {
    await stop()
    throw error
  }
  return {
    origin,
    stop,
    /** The answer of the API, as a program gets it. */
    api: async (path) => {
      const answer = await fetch(`${origin}/api/v1/${path}`)
      if (!answer.ok) throw new Error(`${answer.status} for ${path}`)
      return answer.json()
    },
    /** Lets the indexer take in what is corrected. */
    watch: () => others.push(run('juanzong-indexer', ['--data', data, 'watch'])),
  }
}
