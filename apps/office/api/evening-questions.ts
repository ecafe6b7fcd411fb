import type { Cause } from '@tillkeeper/client/api/cause-shapes.ts'
import type {
  AskExplanation,
  Evening,
  ExplanationView,
} from '@tillkeeper/client/api/evening-shapes.ts'
import type { Rewind } from '@tillkeeper/client/api/rewind-shapes.ts'
import type { Session, SessionLife } from '@tillkeeper/client/api/session-shapes.ts'
import type { SessionMovement } from '@tillkeeper/client/api/sync-health-shapes.ts'
import type { Day } from '@tillkeeper/core/base/instant.ts'
import type { Options } from './api.ts'
import type { Query } from './send.ts'

// What the office asks at a day's end, and what it tells the shop's server.

/** How questions are asked; bound to a login by `createApi`. */
type Asking = {
  readonly get: <Reply>(path: string, query: Query, options?: Options) => Promise<Reply>
  readonly tell: <Reply>(path: string, body: object) => Promise<Reply>
  readonly oneOf: (path: string, id: string) => string
}

export function eveningQuestions({ get, tell, oneOf }: Asking) {
  const session = (id: string) => oneOf('/v1/till-sessions', id)
  return {
    readEvening: (date: Day, shopId: string | undefined, options?: Options) =>
      get<Evening>('/v1/evening', { date, shopId }, options),
    listExplanations: (id: string, options?: Options) =>
      get<{ readonly items: readonly ExplanationView[] }>(
        `${session(id)}/explanations`,
        {},
        options,
      ),
    listCauses: (id: string, options?: Options) =>
      get<{ readonly items: readonly Cause[] }>(`${session(id)}/causes`, {}, options),
    readSessionLife: (id: string, options?: Options) =>
      get<SessionLife>(`${session(id)}/life`, {}, options),
    readRewind: (tillId: string, at: string, act?: string, options?: Options) =>
      get<Rewind>(`${oneOf('/v1/tills', tillId)}/rewind`, { at, act }, options),
    listMovements: (id: string, options?: Options) =>
      get<{ readonly items: readonly SessionMovement[] }>(`${session(id)}/movements`, {}, options),
    explain: (id: string, said: AskExplanation) =>
      tell<Session>(`${session(id)}/explanations`, said),
    verifySession: (id: string, said: { readonly id: string; readonly note?: string }) =>
      tell<Session>(`${session(id)}/verify`, said),
    endSession: (id: string, said: { readonly id: string; readonly reason: string }) =>
      tell<Session>(`${session(id)}/end`, said),
    confirmDrop: (
      movementId: string,
      said: { readonly id: string; readonly countedMinor: number },
    ) => tell(`${oneOf('/v1/drops', movementId)}/confirmation`, said),
    verifyMovements: (said: { readonly id: string; readonly movementIds: readonly string[] }) =>
      tell<{ readonly id: string }>('/v1/cash/verifications', said),
  }
}
