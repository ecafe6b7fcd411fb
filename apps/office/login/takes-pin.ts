/**
 * Whether this server takes a staff number and a PIN. Only a shop's own does: it knows the address
 * and says that it wants another method, where the cloud does not know it at all.
 */
export async function takesPin(signal: AbortSignal): Promise<boolean> {
  const answer = await fetch('/v1/auth/pin', { signal, credentials: 'omit', cache: 'no-store' })
  return answer.status === 405
}
