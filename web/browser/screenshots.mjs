// Pictures of the main pages, of sample data, for the documentation: docs/screenshots/*.webp

import { mkdirSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { NARROW, openPage, startBrowser, WIDE } from './browser.mjs'
import { startServer, truths } from './server.mjs'

const folder = fileURLToPath(new URL('../../docs/screenshots/', import.meta.url))
mkdirSync(folder, { recursive: true })
const server = await startServer()
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

try {
  const company = truths().map(({ fields }) => fields.applicant_name).find((name) => name.endsWith('公司'))
  const half = company.slice(3, 3 + Math.floor(company.length / 2))
  const { hits } = await server.api(`search?q=${encodeURIComponent(half)}`)
  const found = `/cases/${hits[0].case_id}?q=${encodeURIComponent(half)}&d=${hits[0].snippets[0].document}&p=${hits[0].snippets[0].page}`
  const shots = [
    ['start', '/', '.examples', WIDE],
    ['search', `/search?q=${encodeURIComponent('许可')}`, '.title-link', WIDE],
    ['case', found, 'rect.mark.current', WIDE],
    ['case-dark', found, 'rect.mark.current', { ...WIDE, colorScheme: 'dark' }],
    ['review', '/reviews', '.cut img', WIDE],
    ['search-phone', `/search?q=${encodeURIComponent('许可')}`, '.title-link', NARROW],
  ]
  for (const [name, path, sign, options] of shots) {
    const opened = await openPage({ browser, server }, options)
    await opened.page.goto(path)
    await opened.page.locator(sign).first().waitFor()
    await opened.page.waitForLoadState('networkidle')
    await keep(opened.page, name)
    await opened.close()
  }
} finally {
  await browser.close()
  await server.stop()
}
