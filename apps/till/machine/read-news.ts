/** A machine whole, with its stock, takes some tens of kilobytes: more is no news of ours. */
export const newsLengthMax = 400_000

/**
 * Reads `text/event-stream` however it is cut: call it with each piece, and it calls back with the data of each
 * event. It answers false once an event is longer than the bound: then the line is to be dropped.
 */
export function readNews(onData: (data: string) => void): (piece: string) => boolean {
  let rest = ''
  let data: string[] = []
  let length = 0
  const take = (line: string) => {
    if (line === '') {
      if (data.length > 0) onData(data.join('\n'))
      data = []
      length = 0
    } else if (line.startsWith('data:')) {
      data.push(line.slice(line.startsWith('data: ') ? 6 : 5))
      length += line.length
    }
  }
  return (piece) => {
    const lines = (rest + piece).split('\n')
    rest = lines.pop() ?? ''
    for (const line of lines) take(line.endsWith('\r') ? line.slice(0, -1) : line)
    return rest.length + length <= newsLengthMax
  }
}
