/** Entry `node api/healthcheck.js`, for HEALTHCHECK in an image without curl: exits 0 when this container's process is ready to serve. */
const port = process.env['PORT'] ?? '3000'
try {
  const { ok } = await fetch(`http://127.0.0.1:${port}/readyz`, { signal: AbortSignal.timeout(3000) })
  process.exit(ok ? 0 : 1)
} catch {
  process.exit(1)
}
