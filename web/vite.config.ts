import { defineConfig } from 'vitest/config'
import type { Plugin } from 'vite'
import vue from '@vitejs/plugin-vue'

// While the page is being worked on, the API of a running `juanzong serve` is passed through. The server checks the
// host and the origin of changes, so both are given as its own.
const server = process.env.JUANZONG_SERVER ?? 'http://127.0.0.1:8080'
const proxy = Object.fromEntries(
  ['/api', '/readyz', '/healthz', '/metrics'].map((path) => [path, { target: server, changeOrigin: true, headers: { origin: server } }]),
)

/** Addresses of citizens get the document of citizens, as `src/http/web.rs` does it. */
const citizens: Plugin = {
  name: 'citizens',
  configureServer({ middlewares }) {
    middlewares.use((request, _response, next) => {
      if (/^\/(citizen|verify)(\/|\?|$)/.test(request.url ?? '')) request.url = '/citizen.html'
      next()
    })
  },
}

export default defineConfig({
  plugins: [vue(), citizens],
  define: {
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: true, // Element Plus needs it
  },
  build: {
    target: 'es2022',
    // Inlined files would be `data:` addresses, which the content security policy forbids for all but images.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    // What each entry loads, for `scripts/bundle-size.mjs`. The folder is hidden, so the server does not embed it.
    manifest: true,
    rollupOptions: { input: ['index.html', 'citizen.html'] },
  },
  server: { proxy },
  preview: { proxy },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
