// Every page. `/login` is kept for the login that comes with accounts (see docs/decisions/0172).

import { createRouter, createWebHistory } from 'vue-router'
import SearchPage from './search/SearchPage.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/', name: 'start', component: SearchPage },
    { path: '/search', name: 'search', component: SearchPage },
    { path: '/cases/:id', name: 'case', component: () => import('./case/CasePage.vue'), props: true },
    { path: '/reviews', name: 'reviews', component: () => import('./review/ReviewPage.vue') },
    { path: '/help', name: 'help', component: () => import('./help/HelpPage.vue') },
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./app/NotFoundPage.vue') },
  ],
  scrollBehavior(to, from, saved) {
    if (saved) return saved
    return to.path === from.path && to.query.page === from.query.page ? undefined : { top: 0 }
  },
})
