import { buildWebApps } from '@tillkeeper/chain/build-web-apps.ts'

/** Builds what the stories' servers serve, once, so that no two of them build it at a time. */
export default async function setup(): Promise<void> {
  await buildWebApps()
}
