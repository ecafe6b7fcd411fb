import { attachmentBytesMax } from '@tillkeeper/facts/catalogue/attachment-added.ts'

/** Pixels of the longer side: the figures of a receipt stay readable. */
const sidesPx = [1_600, 1_200, 900, 640] as const
const quality = 0.7

/** Makes a photo small enough to travel; `undefined` where it is none that this browser can read. It never throws. */
export async function scalePhoto(file: Blob): Promise<Uint8Array<ArrayBuffer> | undefined> {
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
