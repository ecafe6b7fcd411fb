let context: AudioContext | undefined

/** A sound that says whether a scan was a product: high and short, or low and twice. Never an error. */
export function beep(how: 'hit' | 'unknown'): void {
  try {
    context ??= new AudioContext()
    const start = context.currentTime
    if (how === 'hit') tone(context, { hertz: 1_760, at: start, seconds: 0.06 })
    else {
      tone(context, { hertz: 220, at: start, seconds: 0.12 })
      tone(context, { hertz: 220, at: start + 0.18, seconds: 0.12 })
    }
  } catch {
    // No sound device, or the browser wants a touch first: the screen says the same in words.
  }
}

function tone(
  audio: AudioContext,
  { hertz, at, seconds }: { readonly hertz: number; readonly at: number; readonly seconds: number },
): void {
  const oscillator = audio.createOscillator()
  const gain = audio.createGain()
  oscillator.frequency.value = hertz
  gain.gain.setValueAtTime(0.08, at)
  gain.gain.exponentialRampToValueAtTime(0.0001, at + seconds)
  oscillator.connect(gain).connect(audio.destination)
  oscillator.start(at)
  oscillator.stop(at + seconds)
}
