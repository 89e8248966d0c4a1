import './citizen.css'
import { createApp } from 'vue'
import CitizenApp from './CitizenApp.vue'
import { i18n } from './i18n'
import { router } from './router'

const app = createApp(CitizenApp).use(router).use(i18n)
// Which page it is decides whether anybody has to log in.
void router.isReady().then(() => app.mount('#app'))
