import { defineConfig } from 'vitest/config'
import vue from '@vitejs/plugin-vue'

// While the page is being worked on, the API of a running `juanzong serve` is passed through. The server checks the
// host and the origin of changes, so both are given as its own.
const server = process.env.JUANZONG_SERVER ?? 'http://127.0.0.1:8080'
const proxy = Object.fromEntries(
  ['/api', '/readyz', '/healthz'].map((path) => [path, { target: server, changeOrigin: true, headers: { origin: server } }]),
)

export default defineConfig({
  plugins: [vue()],
  define: {
    __VUE_I18N_LEGACY_API__: false,
    __VUE_I18N_FULL_INSTALL__: false,
    __INTLIFY_PROD_DEVTOOLS__: false,
    __VUE_OPTIONS_API__: true, // Element Plus needs it
  },
  // Inlined files would be `data:` addresses, which the content security policy forbids for all but images.
  build: { target: 'es2022', assetsInlineLimit: 0, modulePreload: { polyfill: false }, reportCompressedSize: false },
  server: { proxy },
  preview: { proxy },
  test: { include: ['src/**/*.test.ts'], environment: 'node' },
})
