import assert from 'node:assert/strict'
import { test } from 'node:test'
import { assertFaultless, openPage } from './browser.mjs'
import { until } from './server.mjs'
import { useSite } from './site.mjs'

const site = useSite()

test('doubts are settled and taken back with the keyboard alone', async () => {
  const { total, reviews } = await site.server.api('reviews?size=3')
  assert.ok(total > 2)
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/reviews')
  await page.getByText(`待复核 ${total} 项`).waitFor()
  await page.evaluate(() => document.activeElement.blur())
  await page.keyboard.press('j')
  await page.locator('nav [aria-current=true]').filter({ hasText: reviews[1].title }).waitFor()
  await page.keyboard.press('k')
  await page.locator('.acts').waitFor()
  await page.keyboard.press('c')
  await page.getByText(`待复核 ${total - 1} 项 · 今天已处理 1 项`).waitFor()
  await until(async () => (await site.server.api('reviews')).total === total - 1, 'the doubt to leave the queue')
  await page.keyboard.press('u')
  await page.getByText(`待复核 ${total} 项 · 今天已处理 0 项`).waitFor()
  await until(async () => (await site.server.api('reviews')).total === total, 'the doubt to come back')
  assertFaultless(opened)
  await opened.close()
})

test('the reason is chosen, and stands in the address', async () => {
  const { reviews } = await site.server.api('reviews?size=1')
  const { reason } = reviews[0]
  const { total } = await site.server.api(`reviews?reason=${reason}`)
  const opened = await openPage(site)
  const { page } = opened
  await page.goto('/reviews')
  await page.locator('.filters select').selectOption(reason)
  await page.waitForURL(new RegExp(`reason=${reason}`))
  await page.getByText(`待复核 ${total} 项`).waitFor()
  assertFaultless(opened)
  await opened.close()
})
