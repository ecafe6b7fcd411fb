/** A line longer than this is no news of ours. */
const lineCharsMax = 1_000_000

/**
 * Reads text/event-stream however its bytes are cut: `take` gives the data of each event that a piece of text ended.
 * Comments, such as what keeps the line open, give nothing. Throws where a line has no end.
 */
export function createEventReader(): { readonly take: (text: string) => readonly string[] } {
  let rest = ''
  let data: string[] = []
  return {
    take: (text) => {
      const lines = (rest + text).split('\n')
      rest = lines.pop() ?? ''
      if (rest.length > lineCharsMax) throw new Error('a line of an event stream has no end')
      const events: string[] = []
      for (const raw of lines) {
        const line = raw.endsWith('\r') ? raw.slice(0, -1) : raw
        if (line.startsWith('data:')) data.push(line.slice(line[5] === ' ' ? 6 : 5))
        else if (line === '' && data.length > 0) {
          events.push(data.join('\n'))
          data = []
        }
      }
      return events
    },
  }
}
