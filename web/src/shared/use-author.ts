// Who makes corrections. There are no accounts yet; once there are, the session says it.

import { ref, watch, type Ref } from 'vue'
import { isText, recall, remember } from './store'

const author = ref(recall('author', isText, ''))
watch(author, (name) => remember('author', name.trim() || undefined))

export function useAuthor(): Ref<string> {
  return author
}
