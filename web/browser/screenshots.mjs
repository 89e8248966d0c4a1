// Pictures of the main pages, of sample data, for the documentation: docs/screenshots/*.webp

import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NARROW, openPage, startBrowser, WIDE } from './browser.mjs'
import { administrators, applicant, applicantSession, auditor, earlierCases, numberedCases } from './people.mjs'
import { sampleScans, startServer, truths } from './server.mjs'

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
mkdirSync(folder, { recursive: true })
const browser = await startBrowser()
const blank = await browser.newPage()

/** Playwright takes PNG; the browser makes WebP of it, a quarter as large. */
async function keep(page, name) {
  const png = (await page.screenshot()).toString('base64')
  const webp = await blank.evaluate(async (data) => {
    const image = new Image()
    image.src = `data:image/png;base64,${data}`
    await image.decode()
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height })
    canvas.getContext('2d').drawImage(image, 0, 0)
    return canvas.toDataURL('image/webp', 0.75).split(',')[1]
  }, png)
  const bytes = Buffer.from(webp, 'base64')
  writeFileSync(`${folder}${name}.webp`, bytes)
  console.log(`${String(bytes.length).padStart(8)}  docs/screenshots/${name}.webp`)
}

async function shoot(server, shots) {
  for (const [name, path, sign, options, cookie] of shots) {
    const opened = await openPage({ browser, server }, options, cookie)
    await opened.page.goto(path)
    await opened.page.locator(sign).first().waitFor()
    await opened.page.waitForLoadState('networkidle')
    await keep(opened.page, name)
    await opened.close()
  }
}

/** An upload that was checked; the address of its page. */
async function checkedUpload(server) {
  server.watch()
  const pdf = readFileSync(sampleScans().find((path) => path.endsWith('.pdf')))
  const codes = ['0123-XK·2021-D30-SCJG-7001', '0123-XK·2021-D30-SCJG-7002']
  const rows = ['档号,题名,经办处,决定日期', `${codes[0]},食品经营许可,甲,2021-05-07`, `${codes[1]},户外广告设置许可,乙,2021-05-08`, '0123-XK·2021-D30-SCJG-7003,烟草专卖零售许可,丙,2021-13-40']
  const files = [...codes.map((code) => [`${code}/1.pdf`, pdf]), ['清单.csv', Buffer.from(`${rows.join('\n')}\n`)]]
  const id = await server.upload(files, { manifest: 3 })
  return `/uploads/${id}`
}

async function staffAndAdministrators(server) {
  const company = truths().map(({ fields }) => fields.applicant_name).find((name) => name.endsWith('公司'))
  const half = company.slice(3, 3 + Math.floor(company.length / 2))
  const { hits } = await server.api(`search?q=${encodeURIComponent(half)}`)
  const found = `/cases/${hits[0].case_id}?q=${encodeURIComponent(half)}&d=${hits[0].snippets[0].document}&p=${hits[0].snippets[0].page}`
  const { system_admin: system, security_admin: security, log_admin: log } = await administrators(server)
  const { name, number } = applicant()
  await server.issueCode(name, number)
  const desk = await auditor(server)
  await shoot(server, [
    ['start', '/', '.examples', WIDE],
    ['search', `/search?q=${encodeURIComponent('许可')}`, '.title-link', WIDE],
    ['case', found, 'rect.mark.current', WIDE],
    ['case-dark', found, 'rect.mark.current', { ...WIDE, colorScheme: 'dark' }],
    ['review', '/reviews', '.cut img', WIDE],
    ['search-phone', `/search?q=${encodeURIComponent('许可')}`, '.title-link', NARROW],
    ['upload', await checkedUpload(server), '.cases', WIDE],
    ['counter', '/codes', '.counter .rows', WIDE],
    ['accounts', '/accounts', '.accounts .rows', WIDE, system],
    ['dictionaries', '/dictionaries', '.entries', WIDE, system],
    ['system', '/system', '.counts', WIDE, system],
    ['grants', '/grants', '.grants .rows', WIDE, security],
    ['audit', '/audit', '.audit .rows', WIDE, log],
    ['statistics', '/statistics?by=office,year&measure=median_days', 'canvas', { ...WIDE, reducedMotion: 'reduce' }, desk],
    ['findings', '/findings', 'article', WIDE, desk],
    ['report-builder', '/report', '.report .buttons', WIDE, desk],
    ['report', '/api/v1/audit-report?download=false', 'h1', WIDE, desk],
  ])
}

async function numbers(server) {
  await shoot(server, [['number-lines', '/findings?year=2017', '.lines svg', WIDE, await auditor(server)]])
}

async function citizens(server) {
  const { hits } = await server.api(`search?q=${encodeURIComponent(`档号:"${applicant().scanned}"`)}`)
  await server.api(`cases/${hits[0].case_id}`)
  const session = await applicantSession(server)
  await shoot(server, [
    ['citizen-login', '/citizen', '.sign-in', NARROW, null],
    ['citizen', '/citizen', '.own', NARROW, session],
    ['citizen-case', `/citizen/cases/${hits[0].case_id}`, '.document', NARROW, session],
    ['citizen-accesses', '/citizen/accesses', '.list', NARROW, session],
    ['verify', '/verify', '.verify', NARROW, null],
  ])
}

try {
  for (const [lines, take] of [[[], staffAndAdministrators], [earlierCases(), citizens], [numberedCases(), numbers]]) {
    const server = await startServer({ lines })
    await take(server).finally(() => server.stop())
  }
} finally {
  await browser.close()
}
