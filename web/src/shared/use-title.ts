import { watchEffect } from 'vue'

/** Keeps the title of the window. Titles go into the history of the browser: no personal data. */
export function useTitle(text: () => string): void {
  watchEffect(() => {
    const own = text()
    document.title = own ? `${own} · 卷宗` : '卷宗'
  })
}
