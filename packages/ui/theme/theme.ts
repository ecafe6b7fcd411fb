/** The system decides, or the person at the screen. */
export type Theme = 'system' | 'light' | 'dark'

const remembered = 'tillkeeper.theme'

export function isTheme(text: unknown): text is Theme {
  return text === 'system' || text === 'light' || text === 'dark'
}

/** The theme chosen on this device; `system` if none was, or if the browser keeps nothing. */
export function readTheme(): Theme {
  const text = globalThis.localStorage?.getItem(remembered)
  return isTheme(text) ? text : 'system'
}

/** Shows the screen in a theme and remembers it on this device. */
export function applyTheme(theme: Theme): void {
  if (theme === 'system') document.documentElement.removeAttribute('data-theme')
  else document.documentElement.setAttribute('data-theme', theme)
  globalThis.localStorage?.setItem(remembered, theme)
}
