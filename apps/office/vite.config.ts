import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

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
