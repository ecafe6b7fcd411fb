import { toBase64 } from './base64.ts'

/** What this browser signs with. The private half is not extractable: it leaves the browser never. */
export type DeviceKey = {
  readonly privateKey: CryptoKey
  /** Ed25519, SPKI in DER, base64: told once, at enrolment. */
  readonly publicKey: string
}

const algorithm = 'Ed25519'

/**
 * Makes a key for a new device. `undefined` where the browser has no Ed25519 (Chromium has it since 137,
 * Firefox since 129, Safari since 17): such a till goes on without signatures.
 */
export async function makeDeviceKey(subtle: SubtleCrypto): Promise<DeviceKey | undefined> {
  try {
    const made = await subtle.generateKey(algorithm, false, ['sign', 'verify'])
    // Older type descriptions know no algorithm that makes a pair by its name alone.
    if (!('privateKey' in made)) return undefined
    const spki = new Uint8Array(await subtle.exportKey('spki', made.publicKey))
    return { privateKey: made.privateKey, publicKey: toBase64(spki) }
  } catch {
    return undefined // The browser has no such algorithm.
  }
}

/** Signs bytes; base64. */
export async function signBytes(
  subtle: SubtleCrypto,
  { privateKey }: DeviceKey,
  bytes: Uint8Array<ArrayBuffer>,
): Promise<string> {
  return toBase64(new Uint8Array(await subtle.sign(algorithm, privateKey, bytes)))
}

/** Whether the private key is the other half of the public one. */
export async function isKeyPair(subtle: SubtleCrypto, key: DeviceKey): Promise<boolean> {
  try {
    const spki = Uint8Array.from(atob(key.publicKey), (char) => char.charCodeAt(0))
    const publicKey = await subtle.importKey('spki', spki, algorithm, false, ['verify'])
    const asked = crypto.getRandomValues(new Uint8Array(32))
    const signature = await subtle.sign(algorithm, key.privateKey, asked)
    return await subtle.verify(algorithm, publicKey, signature, asked)
  } catch {
    return false // What is kept is no key.
  }
}
