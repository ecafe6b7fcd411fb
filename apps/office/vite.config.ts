import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

// Whoever builds it, a test too: what is served to people is never the slow build of a developer.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production'

export default defineConfig({
  base: '/office/',
  plugins: [react(), tailwindcss()],
  build: {
    outDir: 'out',
    emptyOutDir: true,
    // Inline data: images would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
})
