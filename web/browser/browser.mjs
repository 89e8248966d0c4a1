// A browser that notes all that must not happen.

import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'

/** Starts Debian's Chromium. As root it has no sandbox of its own; the pages are ours. */
export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--lang=zh-CN'] })
}

export const WIDE = { viewport: { width: 1440, height: 900 } }
export const NARROW = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

/**
 * A fresh page, as somebody has it by their cookie: by default the clerk of the tests, `null` for one who has not logged in.
 * `faults` are the errors, violations and foreign requests so far.
 */
export async function openPage({ browser, server: { origin, cookie: clerk } }, options = WIDE, cookie = clerk) {
  const context = await browser.newContext({ locale: 'zh-CN', baseURL: origin, ...options })
  if (cookie !== null) {
    const [name, value] = cookie.split(/=(.*)/)
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' }])
  }
  // The tour of the first visit has a test of its own.
  await context.addInitScript(() => localStorage.setItem('juanzong.tour', 'true'))
  const page = await context.newPage()
  page.setDefaultTimeout(15_000)
  const faults = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') faults.push(`console: ${message.text()}`)
  })
  page.on('pageerror', (error) => faults.push(`error: ${error.message}`))
  page.on('request', (request) => {
    if (new URL(request.url()).origin !== origin) faults.push(`request leaves the site: ${request.url()}`)
  })
  await page.exposeFunction('noteViolation', (text) => faults.push(`policy: ${text}`))
  await page.addInitScript(() => {
    document.addEventListener('securitypolicyviolation', (event) => {
      window.noteViolation(`${event.violatedDirective} ${event.blockedURI}`)
    })
  })
  return { page, context, faults, close: () => context.close() }
}

/** `expected`: statuses of answers that the test provokes; the browser notes each as an error. */
export function assertFaultless({ faults }, ...expected) {
  const provoked = (fault) => expected.some((status) => fault.includes(`the server responded with a status of ${status}`))
  assert.deepEqual(faults.filter((fault) => !provoked(fault)), [])
}

/** The parameters of the address. */
export const parameters = (page) => new URL(page.url()).searchParams
