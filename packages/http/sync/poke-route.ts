import type { FastifyPluginAsyncTypebox } from '@fastify/type-provider-typebox'
import type { WebSocket } from '@fastify/websocket'
import type { StreamId } from '@tillkeeper/facts/seal/stream.ts'
import { isPokeHello, type Poke } from '@tillkeeper/sync/message/messages.ts'
import { pokeBeatMs } from '@tillkeeper/sync/wire/http-wire.ts'
import type { Actor } from '../auth/actor.ts'
import { refuseForeignOrigin } from '../server/origin.ts'
import { type Child, childOfActor } from './child.ts'
import { nothing, type Position } from './poke-hub.ts'
import type { SyncParent } from './sync-parent.ts'
import { findFeeds, listCloudPositions } from './sync-sql.ts'

/** Who has not said who it is by then is nobody of ours. */
const introduceMaxMs = 5_000
/** A child that does not read what it is told is cut off: it says hello again, and hears it then. */
const unreadBytesMax = 262_144
/** Lines that one server holds: far more than children of one parent. */
const linesMax = 2_000

/** The poke line. It is public because a browser can send no header there: the first message has the token. */
export function pokeRoute(parent: SyncParent): FastifyPluginAsyncTypebox {
  return async (app) => {
    app.get(
      '/sync/v1/poke',
      {
        websocket: true,
        config: { permission: 'public' },
        preHandler: async (request) => refuseForeignOrigin(request),
      },
      (socket: WebSocket) => {
        // An edge: what goes wrong on one line ends that line, and nothing else.
        serve(parent, socket).catch((error: unknown) => {
          app.log.error({ err: error }, 'poke line')
          socket.terminate()
        })
      },
    )
  }
}

async function serve(parent: SyncParent, socket: WebSocket): Promise<void> {
  socket.on('error', () => socket.terminate())
  if (parent.hub.lines() >= linesMax) return socket.close(1013)
  const token = await hearToken(socket)
  const child = token === undefined ? undefined : await recognise(parent, token)
  if (token === undefined || child === undefined) return socket.close(4401)
  const send = (poke: Poke): void => {
    if (socket.bufferedAmount > unreadBytesMax) socket.terminate()
    else if (socket.readyState === socket.OPEN) socket.send(JSON.stringify(poke))
  }
  const { org, author } = child
  const scopes = parent.scopesOf(child)
  // It joins before the positions are read, so that nothing falls between.
  const leave = parent.hub.join({ org, author, scopes: new Set(scopes), send })
  const beat = setInterval(() => {
    // A token that has run out, or was taken back, ends the line; whoever may opens another.
    recognise(parent, token).then(
      (still) => (still === undefined ? socket.close(4401) : send(nothing)),
      () => socket.terminate(),
    )
  }, pokeBeatMs)
  socket.on('close', () => {
    leave()
    clearInterval(beat)
  })
  // The line is a one-way street: who says more is not one of ours.
  socket.on('message', () => socket.close(1008))
  send(await readPositions(parent, child, scopes))
}

function hearToken(socket: WebSocket): Promise<string | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), introduceMaxMs)
    const end = (token: string | undefined) => {
      clearTimeout(timer)
      resolve(token)
    }
    socket.once('message', (data) => {
      const hello = parse(String(data))
      end(isPokeHello(hello) ? hello.token : undefined)
    })
    socket.once('close', () => end(undefined))
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined // No JSON is no hello.
  }
}

async function recognise({ authenticate }: SyncParent, token: string): Promise<Child | undefined> {
  const actor: Actor | undefined = await authenticate(token)
  return actor?.permissions.has('child') === true ? childOfActor(actor) : undefined
}

async function readPositions(
  { db, cloudPeer }: SyncParent,
  { org, author }: Child,
  scopes: readonly string[],
): Promise<Poke> {
  const feeds = await findFeeds(db, org, scopes)
  const cloud: readonly Position[] =
    cloudPeer === undefined ? [] : await listCloudPositions(db, org, { author, cloudPeer })
  const plain = ({ stream, seq }: { readonly stream: StreamId; readonly seq: number }) => ({
    stream,
    seq,
  })
  return { feeds: feeds.map(plain), cloud: cloud.map(plain) }
}
