declare const __BUILD__: string
declare const __BUILT_MS__: number

/** What was built, as the till names itself in a hello; put in by Vite. */
export const build = __BUILD__
/** When it was built, in milliseconds: no clock of a till that runs it can be right and earlier. */
export const builtMs = __BUILT_MS__
