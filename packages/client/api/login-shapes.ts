import { Strict, Text } from '@tillkeeper/facts/catalogue/parts.ts'
import Type, { type Static } from 'typebox'
import { Employee } from './shapes.ts'

// How a person logs in, at a till or in the office, and stays logged in.

export const AskPin = Strict({
  /** The number of the person in the chain. */
  number: Text(12, 1),
  pin: Type.String({ pattern: '^[0-9]{4,12}$' }),
})

export const AskPassword = Strict({
  login: Text(100, 1),
  password: Type.String({ minLength: 1, maxLength: 200 }),
})
export const AskRefresh = Strict({ refreshToken: Type.String({ minLength: 1, maxLength: 200 }) })

export const Tokens = Type.Object({
  accessToken: Type.String(),
  /** Seconds. */
  expiresIn: Type.Integer(),
  refreshToken: Type.String(),
  employee: Employee,
})

export type AskPin = Static<typeof AskPin>
export type AskPassword = Static<typeof AskPassword>
export type AskRefresh = Static<typeof AskRefresh>
export type Tokens = Static<typeof Tokens>
