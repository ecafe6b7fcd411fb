/** What an upsert led to: asked again, nothing changes. */
export type Changed = { readonly id: string; readonly changed: boolean }
