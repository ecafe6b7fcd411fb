import type { SyncStatus } from '@tillkeeper/client/api/shapes.ts'
import type { Tone } from '@tillkeeper/ui/feedback/status-dot.tsx'
import type { OfficeKey } from '../messages/en.ts'

type Stream = Pick<SyncStatus['streams'][number], 'headSeq' | 'projectedSeq' | 'cloudSeq' | 'trust'>

/** The worst that is true of a stream: its chain is doubted, then what is behind where. */
export function describeStream(stream: Stream): {
  readonly tone: Tone
  readonly text: OfficeKey
} {
  if (stream.trust !== 'ok') {
    return { tone: 'danger', text: 'sync.state.doubted' }
  }
  if (stream.projectedSeq < stream.headSeq) return { tone: 'warn', text: 'sync.state.applying' }
  if (stream.cloudSeq < stream.headSeq) return { tone: 'idle', text: 'sync.state.sending' }
  return { tone: 'good', text: 'sync.state.whole' }
}
