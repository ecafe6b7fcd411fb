import tailwindcss from '@tailwindcss/vite'
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'
import { VitePWA } from 'vite-plugin-pwa'
import manifest from './package.json' with { type: 'json' }

// Whoever builds it, a test too: what is served to people is never the slow build of a developer.
if (process.argv.includes('build')) process.env.NODE_ENV = 'production'

// The store server serves what this builds at /till/. The service worker keeps all of it, so that the
// till opens and sells while the server is away; a new version waits until the cart is empty.
export default defineConfig({
  base: '/till/',
  define: {
    __BUILD__: JSON.stringify(`till ${manifest.version}`),
    __BUILT_MS__: JSON.stringify(Date.now()),
  },
  plugins: [
    react(),
    tailwindcss(),
    VitePWA({
      registerType: 'prompt',
      injectRegister: false,
      manifest: {
        name: 'Tillkeeper',
        short_name: 'Till',
        description: 'Sells with no internet, and counts every note and coin.',
        start_url: '/till/',
        scope: '/till/',
        display: 'standalone',
        background_color: '#f4f5f5',
        theme_color: '#f4f5f5',
        icons: [
          { src: 'icon-192.png', sizes: '192x192', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png' },
          { src: 'icon-512.png', sizes: '512x512', type: 'image/png', purpose: 'maskable' },
        ],
      },
      workbox: {
        globPatterns: ['**/*.{js,css,html,svg,png,woff2,webmanifest}'],
        navigateFallback: '/till/index.html',
        // Only what cannot be known at build time goes to the network: the API and replication.
        navigateFallbackDenylist: [/^\/(?:v1|sync|docs)\b/],
        cleanupOutdatedCaches: true,
        clientsClaim: true,
      },
    }),
  ],
  build: {
    outDir: 'out',
    emptyOutDir: true,
    // Inline data: fonts would need a wider content security policy.
    assetsInlineLimit: 0,
    chunkSizeWarningLimit: 900,
  },
})
