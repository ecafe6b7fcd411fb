import { unreachable } from '@tillkeeper/core/base/assert.ts'
import { SkeletonRows } from '@tillkeeper/ui/feedback/states.tsx'
import { useClients, useLogin } from './api/clients.tsx'
import { LoginScreen } from './login/login-screen.tsx'
import { FaultState } from './shell/answer.tsx'
import { Shell } from './shell/shell.tsx'

/** The whole office: who is not logged in sees the login, whatever the address. */
export function Office() {
  const state = useLogin()
  const { login } = useClients()
  switch (state.stage) {
    case 'starting':
      return <SkeletonRows rows={3} />
    case 'unreachable':
      return (
        <main className="pt-16">
          <FaultState kind="unreachable" onRetry={login.resume} />
        </main>
      )
    case 'out':
      return <LoginScreen why={state.why} />
    case 'in':
      return <Shell key={state.employee.id} />
    default:
      return unreachable(state)
  }
}
