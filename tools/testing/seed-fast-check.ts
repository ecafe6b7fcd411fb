import fc from 'fast-check'

// Every property of a run starts from the run's seed, which vitest.config.ts chooses and prints.
fc.configureGlobal({ seed: Number(process.env.SEED) })
