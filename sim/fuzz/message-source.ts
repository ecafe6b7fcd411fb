import { type Random, random } from '../world/random.ts'
import { bendMessage } from './bend-message.ts'
import { type Sound, soundSeqNo } from './gather-messages.ts'

/** Where the messages of a life come from, one after the other; `undefined` when they are all told. */
export class Source {
  readonly #rnd: Random
  readonly #sound: Sound
  readonly #bends: Record<string, number> = {}
  #left: number

  constructor(seed: number, messages: number, sound: Sound) {
    this.#rnd = random(seed)
    this.#sound = sound
    this.#left = messages
  }

  get bends(): Readonly<Record<string, number>> {
    return this.#bends
  }
  get isOver(): boolean {
    return this.#left <= 0
  }

  #bend(texts: readonly string[], seqNo: string, plain: number): Buffer {
    const text = this.#rnd.pick(texts).replaceAll(soundSeqNo, seqNo)
    this.#left -= 1
    const { bend, bytes } = this.#rnd.chance(plain)
      ? { bend: 'sound', bytes: Buffer.from(text, 'utf8') }
      : bendMessage(this.#rnd, text, this.#rnd.pick(this.#sound.events))
    this.#bends[bend] = (this.#bends[bend] ?? 0) + 1
    return bytes
  }

  event(seqNo: string): Buffer {
    return this.#bend(this.#sound.events, seqNo, 0.35)
  }

  /** Mostly sound, so that work gets anywhere; now and then an answer to something else. */
  answer(name: string, seqNo: string): Buffer {
    const own = this.#sound.answers.get(name)
    const other = own === undefined || this.#rnd.chance(0.02)
    const texts = other ? this.#rnd.pick([...this.#sound.answers.values()]) : own
    return this.#bend(texts, seqNo, 0.75)
  }

  /** An answer as it should be, which is not counted. */
  sound(name: string, seqNo: string): Buffer {
    const texts = this.#sound.answers.get(name) ?? ['<FaultResponse/>']
    return Buffer.from(this.#rnd.pick(texts).replaceAll(soundSeqNo, seqNo), 'utf8')
  }

  packet(): Buffer {
    return this.#bend(this.#sound.packets, soundSeqNo, 0.1)
  }

  /** Of one path, mostly sound; else of any. */
  json(seqNo: string, path?: string): Buffer {
    const own = path === undefined ? undefined : this.#sound.json.get(path)
    const texts = own ?? this.#rnd.pick([...this.#sound.json.values()])
    return this.#bend(texts, seqNo, own === undefined ? 0.1 : 0.7)
  }
}
