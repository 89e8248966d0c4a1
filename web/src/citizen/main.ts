import './citizen.css'
import { createApp } from 'vue'
import CitizenApp from './CitizenApp.vue'
import { i18n } from './i18n'
import { router } from './router'

createApp(CitizenApp).use(router).use(i18n).mount('#app')
