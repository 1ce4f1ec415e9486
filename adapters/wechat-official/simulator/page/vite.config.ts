import { fileURLToPath } from 'node:url'
import { defineConfig } from 'vite'

const at = (path: string) => fileURLToPath(new URL(path, import.meta.url))

export default defineConfig({
  root: at('.'),
  base: '/simulator/',
  build: {
    outDir: at('../../../../dist/pages/simulator'),
    emptyOutDir: true,
    // The page's policy forbids inline scripts, which this helper would add.
    modulePreload: { polyfill: false },
  },
})
