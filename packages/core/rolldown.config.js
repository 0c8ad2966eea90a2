import { defineConfig } from 'rolldown'

// One file for each entry and one for what they share, so that classes and tables exist once: an import of a single file
// is faster than one of many, and bundlers drop what is not used all the same.
export default defineConfig({
  input: { index: 'src/index.ts', 'contract/index': 'src/contract/index.ts' },
  transform: { target: 'es2022' },
  output: {
    dir: 'dist',
    format: 'esm',
    chunkFileNames: 'shared.js',
    // What there is to say stands in the declarations, where editors read it.
    comments: false,
  },
})
