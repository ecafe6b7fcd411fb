import type { Evidence, MistakenFace } from './cash-story.ts'

/** An act that fits, with its weight among the others that do. */
export type Fit = Evidence & { readonly weight: number }

/** One kind of cause weighed against a session. */
export type Weighed = {
  /** How likely this variance is if this is what happened, from 0 to 1. */
  readonly likelihood: number
  readonly fits: readonly Fit[]
  readonly faces?: MistakenFace | undefined
}

export const noFit: Weighed = { likelihood: 0, fits: [] }
