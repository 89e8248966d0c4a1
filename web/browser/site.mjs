// A server and a browser for the tests of a file.

import { after, before } from 'node:test'
import { startBrowser } from './browser.mjs'
import { startServer } from './server.mjs'

/** Started before the first test and ended after the last; `prepare` adds what all tests of the file need. */
export function useSite(prepare = async () => {}, options = {}) {
  const site = {}
  before(async () => {
    site.server = await startServer(options)
    site.browser = await startBrowser()
    await prepare(site)
  })
  after(async () => {
    await site.browser?.close()
    await site.server?.stop()
  })
  return site
}
