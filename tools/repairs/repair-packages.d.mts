/** All patches of a folder, in order. */
export function readPatches(patches?: string): string[]
/** Applies every patch of a folder to the packages in `root`; throws where one does not fit. */
export function repairPackages(root: string, patches?: string): void
