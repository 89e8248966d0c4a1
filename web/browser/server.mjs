// A server of its own for the browser tests: a copy of an archive with really read scans, and the programs built here.
//
//   JUANZONG_SAMPLE  folder with `data/` (the archive) and `scans/truth/` (what is printed where); default target/web-sample
//   JUANZONG_BIN     folder of the programs; default target/debug

import { spawn } from 'node:child_process'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The account of the tests. People and passwords are invented. */
export const CLERK = { name: 'tester', person: '测试员', password: 'Sample-Archive-2026' }

const root = fileURLToPath(new URL('../..', import.meta.url))
const sample = process.env.JUANZONG_SAMPLE ?? join(root, 'target/web-sample')
const programs = process.env.JUANZONG_BIN ?? join(root, 'target/debug')

/** What is printed on the scans, one entry a case. */
export function truths() {
  const folder = join(sample, 'scans/truth')
  return readdirSync(folder).sort().map((name) => JSON.parse(readFileSync(join(folder, name), 'utf8')))
}

/** Scans of the sample, by their paths. */
export function sampleScans() {
  const cases = join(sample, 'scans/cases')
  return readdirSync(cases, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).map((entry) => join(entry.path, entry.name)).sort()
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

/** Runs a program to its end; what it printed. */
async function printed(name, args) {
  const program = run(name, args)
  const code = await new Promise((resolve) => program.child.once('close', resolve))
  if (code !== 0) throw new Error(`${name} ${args.join(' ')}: ${program.said()}`)
  return program.said()
}

/** Logs in, as a program does; the cookie of the session. */
export async function logIn(origin, name, password) {
  const answer = await post(`${origin}/api/v1/session`, { name, password })
  return answer.headers.getSetCookie()[0].split(';')[0]
}

async function post(address, body, cookie) {
  const headers = { 'content-type': 'application/json', ...(cookie ? { cookie } : {}) }
  const answer = await fetch(address, { method: 'POST', headers, body: JSON.stringify(body) })
  if (!answer.ok) throw new Error(`${answer.status} for ${address}`)
  return answer
}

/** Makes an account with a password of its own; the cookie of its session. */
async function makeAccount(data, origin, { name, person, password }, grant) {
  const said = await printed('juanzong', ['--data', data, 'user', 'add', name, '--person', person, ...grant])
  const once = /一次性口令 ([^（\s]+)/.exec(said)[1]
  const cookie = await logIn(origin, name, once)
  const answer = await post(`${origin}/api/v1/session/password`, { old: once, new: password }, cookie)
  return answer.headers.getSetCookie()[0].split(';')[0]
}

const EVERYTHING = ['--role', 'staff', '--all-agencies', '--all-regions', '--clearance', 'internal', '--unmask', '--counter', '--upload', '--purpose', '测试']

/** A running server with an archive of its own, in which corrections can be made. `lines`: cases that are imported besides. */
export async function startServer({ lines = [] } = {}) {
  if (!existsSync(join(sample, 'data/catalogue.db'))) throw new Error(`no archive in ${sample}: run \`make web-sample\``)
  const folder = mkdtempSync(join(tmpdir(), 'juanzong-web-'))
  const data = join(folder, 'data')
  cpSync(join(sample, 'data'), data, { recursive: true })
  const port = await freePort()
  const origin = `http://127.0.0.1:${port}`
  const portal = { archive: '示例档案馆', portal: `${origin}/citizen`, verify: `${origin}/verify/{code}` }
  const settings = Object.entries(portal).map(([name, value]) => `${name} = ${JSON.stringify(value)}\n`)
  writeFileSync(join(data, 'juanzong.toml'), `[citizen]\n${settings.join('')}`)
  if (lines.length) {
    const file = join(folder, 'lines.jsonl')
    writeFileSync(file, lines.map((line) => `${JSON.stringify(line)}\n`).join(''))
    await printed('juanzong-indexer', ['--data', data, 'import', file])
  }
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
  const cookie = await makeAccount(data, origin, CLERK, EVERYTHING).catch(async (error) => {
    await stop()
    throw error
  })
  return {
    origin,
    /** The session of {@link CLERK}. */
    cookie,
    stop,
    /** Makes another account; the cookie of its session. */
    account: (name, ...grant) => makeAccount(data, origin, { name, person: name, password: CLERK.password }, grant),
    /** The answer of the API, as a program gets it. */
    api: async (path, as = cookie) => {
      const answer = await fetch(`${origin}/api/v1/${path}`, { headers: { cookie: as } })
      if (!answer.ok) throw new Error(`${answer.status} for ${path}`)
      return answer.json()
    },
    /** Issues an access code, as the clerk at the counter. */
    issueCode: async (name, number) => (await (await post(`${origin}/api/v1/citizen/codes`, { name, number, identity_checked: true }, cookie)).json()).code,
    /** Logs a citizen in by a code; the cookie of the session. */
    citizen: async (name, number, code) => {
      const answer = await post(`${origin}/api/v1/citizen/session`, { name, number, code })
      return answer.headers.getSetCookie()[0].split(';')[0]
    },
    /** Sends files (path and content each) and has them checked; the id of the upload. An indexer has to be there. */
    upload: async (files, options) => {
      const uploads = `${origin}/api/v1/uploads`
      const { upload_id: id } = await (await post(uploads, {}, cookie)).json()
      const names = files.map(([path, content]) => ({ path, bytes: content.length }))
      const { files: named } = await (await post(`${uploads}/${id}/files`, { files: names }, cookie)).json()
      for (const [at, { number }] of named.entries()) {
        const headers = { 'content-type': 'application/octet-stream', cookie }
        const sent = await fetch(`${uploads}/${id}/files/${number}`, { method: 'PUT', headers, body: files[at][1] })
        if (!sent.ok) throw new Error(`${sent.status} for file ${number}`)
      }
      await post(`${uploads}/${id}/check`, options, cookie)
      await until(async () => (await (await fetch(`${uploads}/${id}`, { headers: { cookie } })).json()).report, 'the check')
      return id
    },
    /** Lets the indexer take in what is corrected and uploaded. */
    watch: () => others.push(run('juanzong-indexer', ['--data', data, 'watch'])),
  }
}
