import type { FastifyReply } from 'fastify'

/** Answers of the API are data: nothing in them may run, be framed, or be kept. */
export function setApiHeaders(reply: FastifyReply): void {
  reply.headers({
    'content-security-policy': "default-src 'none'; frame-ancestors 'none'",
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'cross-origin-resource-policy': 'same-origin',
    'cache-control': 'no-store',
    ...(reply.request.protocol === 'https' ? { 'strict-transport-security': hsts } : {}),
  })
}

const hsts = 'max-age=31536000'

/**
 * For pages: scripts, fonts and data from this server alone. Styles may stand in the page, because the
 * components that measure themselves (plots, menus, virtual lists) write them there.
 */
export const pagePolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data: blob:",
  "font-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "worker-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ')

/** Headers of a page or of a file that belongs to one. */
export function setPageHeaders(reply: FastifyReply, policy = pagePolicy): void {
  reply.headers({
    'content-security-policy': policy,
    'cross-origin-opener-policy': 'same-origin',
    'permissions-policy': 'geolocation=(), microphone=(), payment=()',
  })
}
