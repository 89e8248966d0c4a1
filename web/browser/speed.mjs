// How fast the pages are, in the browser, against the real server: `npm run speed`. Figures depend on the machine; compare
// within one run.

import { openPage, startBrowser } from './browser.mjs'
import { startServer, truths } from './server.mjs'

const TIMES = 7
const server = await startServer()
const browser = await startBrowser()
const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)]
const company = truths().map(({ fields }) => fields.applicant_name).find((name) => name.endsWith('公司'))
const half = company.slice(3, 3 + Math.floor(company.length / 2))

/** Milliseconds until `sign` is on the page, as the page itself sees it. */
const until = (page, sign) =>
  page.evaluate((wanted) => {
    const from = performance.now()
    return new Promise((resolve) => {
      const look = () => (document.querySelector(wanted) ? resolve(performance.now() - from) : requestAnimationFrame(look))
      look()
    })
  }, sign)

try {
  const firsts = []
  const searches = []
  for (let n = 0; n < TIMES; n += 1) {
    const opened = await openPage({ browser, server }) // nothing kept from before
    const { page } = opened
    await page.goto('/')
    await page.locator('.examples').waitFor()
    firsts.push(await page.evaluate(() => performance.getEntriesByName('first-contentful-paint')[0].startTime))
    await page.getByRole('combobox', { name: '检索案卷' }).fill(half)
    await page.keyboard.press('Enter')
    searches.push(await until(page, '.title-link'))
    await opened.close()
  }
  console.log(`first page, nothing kept: ${median(firsts).toFixed(0)} ms (median of ${TIMES})`)
  console.log(`from Enter to results:    ${median(searches).toFixed(0)} ms (median of ${TIMES})`)
} finally {
  await browser.close()
  await server.stop()
}
