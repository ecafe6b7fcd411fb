declare const __BUILD__: string

/** What was built, as the till names itself in a hello; put in by Vite. */
export const build = __BUILD__
