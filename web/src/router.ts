// Every page, and who may see it: whoever is not logged in comes to the login first, and from there to where they wanted to go.

import { createRouter, createWebHistory, type RouteLocationNormalized } from 'vue-router'
import SearchPage from './search/SearchPage.vue'
import { DUTIES } from './session/duties'
import { known, may } from './session/session'

export const router = createRouter({
  history: createWebHistory(),
  routes: [
    // An address with a search in it is that search, also without the path of the results.
    { path: '/', name: 'start', component: SearchPage, meta: { right: 'search' }, beforeEnter: (to) => ('q' in to.query ? { name: 'search', query: to.query } : true) },
    { path: '/search', name: 'search', component: SearchPage, meta: { right: 'search' } },
    { path: '/cases/:id', name: 'case', component: () => import('./case/CasePage.vue'), props: true, meta: { right: 'read_cases' } },
    { path: '/reviews', name: 'reviews', component: () => import('./review/ReviewPage.vue'), meta: { right: 'review' } },
    { path: '/uploads', name: 'uploads', component: () => import('./uploads/UploadsPage.vue'), meta: { right: 'upload' } },
    { path: '/uploads/:id', name: 'upload', component: () => import('./uploads/UploadPage.vue'), props: true, meta: { right: 'upload' } },
    { path: '/statistics', name: 'statistics', component: () => import('./desk/StatisticsPage.vue'), meta: { right: 'statistics' } },
    { path: '/findings', name: 'findings', component: () => import('./desk/FindingsPage.vue'), meta: { right: 'findings' } },
    { path: '/report', name: 'report', component: () => import('./desk/ReportPage.vue'), meta: { right: 'findings' } },
    { path: '/accounts', name: 'accounts', component: () => import('./admin/AccountsPage.vue'), meta: { right: 'operate' } },
    { path: '/grants', name: 'grants', component: () => import('./admin/GrantsPage.vue'), meta: { right: 'grant' } },
    { path: '/codes', name: 'codes', component: () => import('./admin/CounterPage.vue'), meta: { right: 'issue_codes' } },
    { path: '/dictionaries', name: 'dictionaries', component: () => import('./admin/DictionariesPage.vue'), meta: { right: 'operate' } },
    { path: '/system', name: 'system', component: () => import('./admin/SystemPage.vue'), meta: { right: 'operate' } },
    { path: '/audit', name: 'audit', component: () => import('./admin/AuditPage.vue'), meta: { right: 'read_audit' } },
    { path: '/help/:group?', name: 'help', component: () => import('./help/HelpPage.vue'), props: true, meta: { open: true } },
    { path: '/login', name: 'login', component: () => import('./session/LoginPage.vue'), meta: { open: true } },
    { path: '/account', name: 'account', component: () => import('./session/AccountPage.vue') },
    { path: '/:rest(.*)*', name: 'not-found', component: () => import('./app/NotFoundPage.vue'), meta: { open: true } },
  ],
  scrollBehavior(to, from, saved) {
    if (saved) return saved
    return to.path === from.path && to.query.page === from.query.page ? undefined : { top: 0 }
  },
})

async function guard(to: RouteLocationNormalized) {
  if (to.meta.open) {
    // Who is logged in stands in the header of every page; a page that needs nobody shows without an answer, too.
    await known().catch(() => undefined)
    return true
  }
  // When the server cannot be reached the page itself says so.
  const session = await known().catch(() => undefined)
  if (session === undefined) return true
  const next = { next: to.fullPath }
  if (session === null) return { name: 'login', query: to.fullPath === '/' ? {} : next }
  if (session.must_change_password) return to.name === 'account' ? true : { name: 'account', query: next }
  const right = to.meta.right
  if (typeof right !== 'string' || may(right)) return true
  // Administrators begin with their own work.
  const duty = to.name === 'start' ? DUTIES.find((one) => may(one.right)) : undefined
  return { name: duty?.name ?? 'account' }
}
router.beforeEach(guard)
