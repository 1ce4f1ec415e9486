import { createPinia } from 'pinia'
import { createApp } from 'vue'
import { whenUnauthenticated } from './api/http.ts'
import App from './app.vue'
import { i18n, switchLocale } from './i18n/index.ts'
import { createAppRouter } from './router/index.ts'
import { useAppearance } from './stores/appearance.ts'
import { useSession } from './stores/session.ts'
import 'element-plus/theme-chalk/base.css'
import 'element-plus/theme-chalk/dark/css-vars.css'
import './shared/tokens.css'
import './shared/base.css'

const start = async (): Promise<void> => {
  const app = createApp(App)
  app.use(createPinia())
  await switchLocale(useAppearance().locale)
  app.use(i18n)
  const router = createAppRouter()
  whenUnauthenticated(() => {
    // Somebody who never was signed in is sent to the login page by the router's guard, with the page he asked for.
    if (!useSession().expire()) return
    void router.replace({ name: 'login', query: { next: router.currentRoute.value.fullPath } })
  })
  app.use(router)
  app.mount('#app')
}

void start()
