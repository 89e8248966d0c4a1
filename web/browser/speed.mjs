// How fast the pages are, in the browser, against the real server: `npm run speed`. Figures depend on the machine; compare
// within one run.

import { openPage, startBrowser } from './browser.mjs'
import { applicantSession } from './people.mjs'
import { startServer, truths } from './server.mjs'

const TIMES = 7
const server = await startServer()
const browser = await startBrowser()
const site = { browser, server }
const median = (values) => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)]
const company = truths().map(({ fields }) => fields.applicant_name).find((name) => name.endsWith('公司'))
const half = company.slice(3, 3 + Math.floor(company.length / 2))

/** What the browser measures of a page that was just loaded, as Lighthouse asks for it. */
const measures = (page) =>
  page.evaluate(async () => {
    const entries = (type) =>
      new Promise((resolve) => {
        const found = []
        new PerformanceObserver((list) => found.push(...list.getEntries())).observe({ type, buffered: true })
        setTimeout(() => resolve(found), 100)
      })
    const [paints, largest, shifts, tasks] = await Promise.all(['paint', 'largest-contentful-paint', 'layout-shift', 'longtask'].map(entries))
    const loaded = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')].filter(({ name }) => !name.includes('/api/'))
    return {
      first: paints.find(({ name }) => name === 'first-contentful-paint').startTime,
      largest: largest[largest.length - 1]?.startTime ?? 0,
      shift: shifts.filter((one) => !one.hadRecentInput).reduce((sum, { value }) => sum + value, 0),
      blocked: tasks.reduce((sum, { duration }) => sum + Math.max(0, duration - 50), 0),
      bytes: loaded.reduce((sum, { encodedBodySize }) => sum + encodedBodySize, 0),
    }
  })

/** Milliseconds until there is a hit on the page, as the page itself sees it. */
const untilResults = (page) =>
  page.evaluate(() => {
    const from = performance.now()
    return new Promise((resolve) => {
      const look = () => (document.querySelector('.title-link') ? resolve(performance.now() - from) : requestAnimationFrame(look))
      look()
    })
  })

async function pageSpeed(name, path, sign, cookie) {
  const all = []
  for (let n = 0; n < TIMES; n += 1) {
    const opened = await openPage(site, undefined, cookie) // nothing kept from before
    await opened.page.goto(path)
    await opened.page.locator(sign).first().waitFor()
    await opened.page.waitForLoadState('networkidle')
    all.push(await measures(opened.page))
    await opened.close()
  }
  const of = (key) => median(all.map((one) => one[key]))
  const figures = [of('first').toFixed(0), of('largest').toFixed(0), of('shift').toFixed(3), of('blocked').toFixed(0), (of('bytes') / 1000).toFixed(0)]
  console.log(`| ${name} | ${figures.join(' | ')} |`)
}

/** From the last letter that is typed in the search page to the results of the whole word. */
async function typing() {
  const times = []
  for (let n = 0; n < TIMES; n += 1) {
    const opened = await openPage(site)
    const { page } = opened
    await page.goto('/search')
    await page.locator('.title-link').first().waitFor()
    await page.getByRole('combobox', { name: '检索案卷' }).focus()
    await page.evaluate((word) => {
      let typed = 0
      document.addEventListener('input', () => (typed = performance.now()), true)
      const shown = () => new URLSearchParams(location.search).get('q') === word && document.querySelector('.results[aria-busy="false"] .title-link')
      window.taken = new Promise((resolve) => {
        const look = () => (shown() ? resolve(performance.now() - typed) : requestAnimationFrame(look))
        look()
      })
    }, half)
    await page.keyboard.insertText(half)
    times.push(await page.evaluate(() => window.taken))
    await opened.close()
  }
  return median(times)
}

try {
  const { case_id: id } = (await server.api('search?size=1')).hits[0]
  console.log('| page | first contentful paint, ms | largest, ms | layout shift | blocked, ms | kB compressed |')
  console.log('|---|---|---|---|---|---|')
  await pageSpeed('staff, first page', '/', '.examples')
  await pageSpeed('staff, results', '/search', '.title-link')
  await pageSpeed('staff, a case', `/cases/${id}`, '.paper img')
  await pageSpeed('citizen, login', '/citizen', '.sign-in', null)
  await pageSpeed('citizen, own history', '/citizen', '.own', await applicantSession(server))
  await pageSpeed('verification', '/verify', '.verify', null)
  const searches = []
  for (let n = 0; n < TIMES; n += 1) {
    const opened = await openPage(site)
    const { page } = opened
    await page.goto('/')
    await page.locator('.examples').waitFor()
    await page.getByRole('combobox', { name: '检索案卷' }).fill(half)
    await page.keyboard.press('Enter')
    searches.push(await untilResults(page))
    await opened.close()
  }
  console.log(`\nfrom Enter to results ${median(searches).toFixed(0)} ms, from the last letter typed to results ${(await typing()).toFixed(0)} ms (medians of ${TIMES})`)
} finally {
  await browser.close()
  await server.stop()
}
