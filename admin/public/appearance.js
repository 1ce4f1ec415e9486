// Runs before the first paint, so that a dark screen never flashes white. A file of its own because the CSP forbids inline scripts.
;(function () {
  var theme = 'auto'
  try {
    theme = localStorage.getItem('lianke.theme') || 'auto'
  } catch {
    // Storage may be blocked: the system's preference then decides.
  }
  var dark = theme === 'dark' || (theme === 'auto' && matchMedia('(prefers-color-scheme: dark)').matches)
  document.documentElement.classList.toggle('dark', dark)
})()
