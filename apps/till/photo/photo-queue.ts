import { Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'
import { findWorker, makeId, type TillNode } from '../app/node.ts'
import { type TillDb, writeStrictly } from '../journal/database.ts'
import { readKept, type WaitingPhoto } from '../journal/kept.ts'
import { askWithLogin } from '../store/ask-with-login.ts'
import { scalePhoto } from './scale-photo.ts'

// Photos wait in this till's database until its acts are at the store server and somebody is logged in with it: one at
// a time, by a road of their own, so that no photo stands before money. Each says who took it, whoever is there then.

const Added = Type.Object({ id: Uuid<string>() })

/** Photos that wait at once, of at most 150 kB each. */
export const waitingPhotosMax = 40
/** How often the queue looks whether the line is free. */
export const lookMs = 4_000

export type PhotoKept =
  | { readonly is: 'kept'; readonly id: string }
  | { readonly is: 'unreadable' }
  /** Too many wait already, or the disk is full. */
  | { readonly is: 'full' }

/** Scales a photo and keeps it until it can be sent. Facts may name its id from now on. */
export async function keepPhoto(
  node: Pick<TillNode, 'db' | 'nowMs' | 'state'>,
  file: Blob,
): Promise<PhotoKept> {
  // Who works now took it, whoever does when it is small enough.
  const staffId = findWorker(node)?.id
  const bytes = await scalePhoto(file)
  return bytes === undefined ? { is: 'unreadable' } : queuePhoto(node, { staffId, bytes })
}

/** Keeps a photo that is small enough until it can be sent. */
export async function queuePhoto(
  node: Pick<TillNode, 'db' | 'nowMs'>,
  taken: Pick<WaitingPhoto, 'staffId' | 'bytes'>,
): Promise<PhotoKept> {
  const photo: WaitingPhoto = { id: makeId(node.nowMs()), mime: 'image/jpeg', ...taken }
  try {
    const kept = await changeQueue(node.db, (photos) =>
      photos.length < waitingPhotosMax ? [...photos, photo] : photos,
    )
    return kept.includes(photo) ? { is: 'kept', id: photo.id } : { is: 'full' }
  } catch {
    return { is: 'full' }
  }
}

/** Takes a photo back that was not sent yet. */
export async function dropPhoto({ db }: Pick<TillNode, 'db'>, id: string): Promise<void> {
  await changeQueue(db, (photos) => photos.filter((each) => each.id !== id))
}

/** A photo that waits, to look at; `undefined` once the store server has it. */
export async function findPhoto(
  { db }: Pick<TillNode, 'db'>,
  id: string,
): Promise<WaitingPhoto | undefined> {
  return ((await readKept(db, 'photos')) ?? []).find((each) => each.id === id)
}

// What no store server will ever take.
const neverTaken: ReadonlySet<string> = new Set([
  'not_a_picture',
  'body_too_large',
  // It has been taken, by words of before.
  'id_exists_with_different_content',
])

/** Sends the oldest photo that waits, if all of this till's acts are at the store server. */
export async function sendNextPhoto(
  node: Pick<TillNode, 'db' | 'state' | 'nowMs' | 'outbox'>,
): Promise<void> {
  if (node.outbox.sent().unsent > 0) return
  const [photo] = (await readKept(node.db, 'photos')) ?? []
  if (photo === undefined) return
  const { id, mime, bytes, staffId } = photo
  const answer = await askWithLogin<Static<typeof Added>>(node, Added, {
    method: 'POST',
    path: '/v1/attachments',
    body: { id, mime, bytes: writeBase64(bytes), staffId },
  })
  if (answer.ok) return dropPhoto(node, id)
  if (answer.refusal.code !== 'refused') return
  if (neverTaken.has(answer.refusal.why)) return dropPhoto(node, id)
  // It may be taken another day, of another person: it waits behind the others.
  await changeQueue(node.db, (photos) => [
    ...photos.filter((each) => each.id !== id),
    ...photos.filter((each) => each.id === id),
  ])
}

/** Looks for a free line until it is stopped. */
export function runPhotoQueue(node: Parameters<typeof sendNextPhoto>[0]): () => void {
  let busy = false
  const look = async () => {
    if (busy) return
    busy = true
    try {
      await sendNextPhoto(node)
    } catch {
      // The database is closing, or the line fell: the photo is still kept.
    } finally {
      busy = false
    }
  }
  const timer = setInterval(() => void look(), lookMs)
  return () => clearInterval(timer)
}

const turns = new WeakMap<TillDb, Promise<unknown>>()

// One change at a time: what is taken while another is sent is not lost.
function changeQueue(
  db: TillDb,
  change: (photos: readonly WaitingPhoto[]) => readonly WaitingPhoto[],
): Promise<readonly WaitingPhoto[]> {
  const before = turns.get(db) ?? Promise.resolve()
  const turn = before
    .catch(() => undefined)
    .then(async () => {
      const photos = change((await readKept(db, 'photos')) ?? [])
      await writeStrictly(db, ['kept'], (tx) => [tx.objectStore('kept').put(photos, 'photos')])
      return photos
    })
  turns.set(db, turn)
  return turn
}

// Piece by piece: a call takes no hundred thousand arguments.
const pieceBytes = 8_192

function writeBase64(bytes: Uint8Array): string {
  let text = ''
  for (let at = 0; at < bytes.length; at += pieceBytes) {
    text += String.fromCharCode(...bytes.subarray(at, at + pieceBytes))
  }
  return btoa(text)
}
