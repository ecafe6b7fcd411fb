import { attachmentBytesMax } from '@tillkeeper/facts/catalogue/attachment-added.ts'
import { Uuid } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'
import { makeId, type TillNode } from '../app/node.ts'
import { askWithLogin } from '../store/ask-with-login.ts'

const Added = Type.Object({ id: Uuid<string>() })

/** Pixels of the longer side: the figures of a receipt stay readable. */
const sidesPx = [1_600, 1_200, 900, 640] as const
const quality = 0.7

export type PhotoAdded =
  | { readonly is: 'added'; readonly id: string }
  | { readonly is: 'unreadable' }
  /** Photos are kept by the store server, and it is out of reach, or nobody is logged in with it. */
  | { readonly is: 'away' }

/** Makes a photo small enough to travel, and gives it to the store server. It never throws. */
export async function addPhoto(
  node: Pick<TillNode, 'state' | 'nowMs'>,
  file: Blob,
): Promise<PhotoAdded> {
  const bytes = await shrink(file)
  if (bytes === undefined) return { is: 'unreadable' }
  const id = makeId(node.nowMs())
  const answer = await askWithLogin<Static<typeof Added>>(node, Added, {
    method: 'POST',
    path: '/v1/attachments',
    body: { id, mime: 'image/jpeg', bytes: writeBase64(bytes) },
  })
  return answer.ok ? { is: 'added', id: answer.value.id } : { is: 'away' }
}

async function shrink(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
  try {
    const image = await createImageBitmap(file)
    for (const side of sidesPx) {
      const scale = Math.min(1, side / Math.max(image.width, image.height))
      const canvas = new OffscreenCanvas(
        Math.max(1, Math.round(image.width * scale)),
        Math.max(1, Math.round(image.height * scale)),
      )
      canvas.getContext('2d')?.drawImage(image, 0, 0, canvas.width, canvas.height)
      const blob = await canvas.convertToBlob({ type: 'image/jpeg', quality })
      if (blob.size <= attachmentBytesMax) return new Uint8Array(await blob.arrayBuffer())
    }
    return undefined
  } catch {
    // No picture, or one that this browser cannot read.
    return undefined
  }
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
