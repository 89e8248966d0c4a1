// Pages that only some may see, in the order of the navigation: name of the route, the right it needs, key of its text.

export const DUTIES = [
  { name: 'uploads', right: 'upload', text: 'upload.nav' },
  { name: 'codes', right: 'issue_codes', text: 'admin.nav.codes' },
  { name: 'accounts', right: 'operate', text: 'admin.nav.accounts' },
  { name: 'dictionaries', right: 'operate', text: 'admin.nav.dictionaries' },
  { name: 'system', right: 'operate', text: 'admin.nav.system' },
  { name: 'grants', right: 'grant', text: 'admin.nav.grants' },
  { name: 'audit', right: 'read_audit', text: 'admin.nav.audit' },
] as const
