import './element' // first, so that our own styles win
import './styles/theme.css'
import './styles/base.css'
import { createApp } from 'vue'
import App from './app/App.vue'
import { i18n } from './i18n'
import { router } from './router'
import { startTheme } from './shared/use-theme'

startTheme()
createApp(App).use(router).use(i18n).mount('#app')
