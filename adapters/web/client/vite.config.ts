/**
 * Two results in one folder, built one after the other by `vite build`: the pages (`/chat/{accountId}` is answered with chat.html, `/join/{token}` and `/privacy` with join.html, `/rate/{token}` with rate.html,
 * `/contact/{token}` with contact.html, `/my-tickets/{token}` with tickets.html; their assets
 * lie under `/web-assets/`), then `/widget.js`, one classic script for foreign pages.
 */
import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))
const outDir = at('../../../dist/pages/web')
const target = ['es2022', 'safari15.4', 'chrome100', 'firefox103']

export default defineConfig({
  root: at('.'),
  base: '/web-assets/',
  publicDir: false,
  builder: {
    async buildApp({ build, environments: { client, widget } }) {
      if (!client || !widget) throw new Error('both environments are configured below')
      await build(client)
      await build(widget)
    },
  },
  environments: {
    client: {
      build: {
        outDir,
        // Old chunks go; the widget comes after.
        emptyOutDir: true,
        target,
        // No inline script: the page must work under `script-src 'self'`.
        modulePreload: { polyfill: false },
        assetsInlineLimit: 0,
        rolldownOptions: { input: [at('chat.html'), at('join.html'), at('contact.html'), at('rate.html'), at('tickets.html')] },
      },
    },
    widget: {
      consumer: 'client',
      build: {
        outDir,
        emptyOutDir: false,
        target,
        // Its only name in a foreign page is `Lianke`, which it sets itself.
        lib: { entry: at('widget/widget.ts'), formats: ['iife'], name: 'LiankeWidget', fileName: () => 'widget.js' },
      },
    },
  },
})
