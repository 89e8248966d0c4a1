// The pages of citizens. Without a login each but the open ones shows the login in its place, and itself afterwards.

import { createRouter, createWebHistory } from 'vue-router'
import HistoryPage from './HistoryPage.vue'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    { path: '/citizen', name: 'history', component: HistoryPage },
    { path: '/citizen/cases/:id', name: 'case', component: () => import('./OwnCasePage.vue'), props: true },
    {
      path: '/citizen/accesses',
      name: 'accesses',
      component: () => import('./AccessesPage.vue'),
      props: ({ query }) => ({ caseId: typeof query.case === 'string' ? query.case : undefined }),
    },
    { path: '/citizen/help', name: 'help', component: () => import('./HelpPage.vue'), meta: { open: true } },
    { path: '/verify/:code?', name: 'verify', component: () => import('./VerifyPage.vue'), props: true, meta: { open: true } },
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./NotFoundPage.vue'), meta: { open: true } },
  ],
  scrollBehavior(to, from, saved) {
    return saved ?? (to.path === from.path ? undefined : { top: 0 })
  },
})
