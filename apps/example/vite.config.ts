import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

export default defineConfig({
  root: 'web',
  plugins: [react()],
  build: {
    outDir: '../dist/web',
    emptyOutDir: true,
    // One page behind one URL: nearly the whole of it is wanted at once, so one large file of scripts is right.
    chunkSizeWarningLimit: 1500,
  },
})
