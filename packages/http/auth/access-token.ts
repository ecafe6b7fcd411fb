import type { KeyObject } from 'node:crypto'
import { createPublicKey } from 'node:crypto'
import { type JWTPayload, jwtVerify, SignJWT } from 'jose'

/** `at+jwt`: a person's. `node+jwt`: a store server's. One is never taken for the other. */
export type TokenType = 'at+jwt' | 'node+jwt'

/** Both sorts live this long: what was taken back works on for no longer. */
export const accessSeconds = 600

const audience = 'tillkeeper'
/** How far two clocks may be apart. */
const clockToleranceSeconds = 5

export type AccessTokens = {
  readonly sign: (type: TokenType, claims: JWTPayload, now: Date) => Promise<string>
  /** The claims of a token that this server signed and that is still good; else undefined. */
  readonly verify: (type: TokenType, token: string, now: Date) => Promise<JWTPayload | undefined>
}

/**
 * Signs and checks access tokens with one Ed25519 key. Algorithm, type, issuer and audience are fixed
 * here, and nothing in a token has a say in how it is checked.
 */
export function createAccessTokens(privateKey: KeyObject, issuer: string): AccessTokens {
  const publicKey = createPublicKey(privateKey)
  return {
    sign: (type, claims, now) => {
      const issuedAt = Math.floor(now.getTime() / 1000)
      return new SignJWT(claims)
        .setProtectedHeader({ alg: 'EdDSA', typ: type })
        .setIssuer(issuer)
        .setAudience(audience)
        .setIssuedAt(issuedAt)
        .setExpirationTime(issuedAt + accessSeconds)
        .sign(privateKey)
    },
    verify: async (type, token, now) => {
      try {
        const { payload } = await jwtVerify(token, publicKey, {
          algorithms: ['EdDSA'],
          typ: type,
          issuer,
          audience,
          clockTolerance: clockToleranceSeconds,
          currentDate: now,
          requiredClaims: ['sub', 'exp', 'iat'],
          maxTokenAge: accessSeconds + clockToleranceSeconds,
        })
        return payload
      } catch {
        // Whatever is wrong with it, it proves nothing; the reasons are all the same to us.
        return undefined
      }
    },
  }
}
