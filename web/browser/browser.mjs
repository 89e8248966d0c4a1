// A browser that notes all that must not happen.

import assert from 'node:assert/strict'
import { chromium } from 'playwright-core'

/** Starts Debian's Chromium. As root it has no sandbox of its own; the pages are ours. */
export function startBrowser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium', args: ['--no-sandbox', '--lang=zh-CN'] })
}

export const WIDE = { viewport: { width: 1440, height: 900 } }
export const NARROW = { viewport: { width: 360, height: 740 }, isMobile: true, hasTouch: true, deviceScaleFactor: 2 }

/** A fresh page, as one who is logged in has it; with `loggedIn` false as a new user. `faults` are the errors, violations and foreign requests so far. */
export async function openPage(browser, { origin, cookie }, options = WIDE, loggedIn = true) {
  const context = await browser.newContext({ locale: 'zh-CN', baseURL: origin, ...options })
  if (loggedIn) {
    const [name, value] = cookie.split(/=(.*)/)
    await context.addCookies([{ name, value, url: origin, httpOnly: true, sameSite: 'Lax' }])
  }
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

export function assertFaultless({ faults }) {
  assert.deepEqual(faults, [])
}

/** The parameters of the address. */
export const parameters = (page) => new URL(page.url()).searchParams
