import { fileURLToPath } from 'node:url'
import vue from '@vitejs/plugin-vue'
import Components from 'unplugin-vue-components/vite'
import { ElementPlusResolver } from 'unplugin-vue-components/resolvers'
import { defineConfig } from 'vite'

const API = process.env.LIANKE_API ?? 'http://127.0.0.1:3000'
const proxied = ['/api', '/channels', '/files', '/simulator', '/chat', '/widget.js']

export default defineConfig({
  root: fileURLToPath(new URL('.', import.meta.url)),
  base: '/',
  plugins: [vue(), Components({ dirs: [], dts: false, resolvers: [ElementPlusResolver({ importStyle: 'css' })] })],
  define: {
    __VUE_OPTIONS_API__: 'false',
    __VUE_PROD_DEVTOOLS__: 'false',
    __VUE_I18N_LEGACY_API__: 'false',
    __VUE_I18N_FULL_INSTALL__: 'false',
    __INTLIFY_PROD_DEVTOOLS__: 'false',
  },
  build: {
    outDir: fileURLToPath(new URL('../dist/pages/admin', import.meta.url)),
    emptyOutDir: true,
    target: 'es2022',
    // The module preload polyfill is an inline script, which the CSP forbids; every browser we support has preload.
    modulePreload: { polyfill: false },
  },
  server: {
    port: 5173,
    // Origin stays the page's own address, which the API checks.
    proxy: {
      ...Object.fromEntries(proxied.map((path) => [path, { target: API, changeOrigin: false }])),
      '/socket.io': { target: API, ws: true, changeOrigin: false },
    },
  },
})
