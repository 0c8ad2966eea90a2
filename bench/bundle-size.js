import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { rolldown } from 'rolldown'

// Imports of the snippet are looked up from this folder, which has all packages.
const entry = fileURLToPath(new URL('snippet.js', import.meta.url))

/**
 * What a snippet costs whoever downloads it: bundled for a browser, in production, minified, with what it does not use
 * left out.
 *
 * @param {string} snippet an ES module, such as `export { OrganizationMembershipsClient } from '@org-memberships/core'`
 * @param {{ external?: readonly string[] }} [options] packages that the page has already; their subpaths too
 * @returns {Promise<{ min: number, gzip: number }>} bytes
 */
export async function bundleSize(snippet, options) {
  const code = await bundleCode(snippet, options)
  return { min: Buffer.byteLength(code), gzip: gzipSync(code, { level: 9 }).length }
}

/** The same as code. */
export async function bundleCode(snippet, { external = [] } = {}) {
  const bundle = await rolldown({
    input: entry,
    platform: 'browser',
    external: external.map((name) => new RegExp(`^${name}(/.*)?$`)),
    transform: { define: { 'process.env.NODE_ENV': '"production"' } },
    onLog(level, log) {
      // A bundle keeps no directive of one of its modules; the size is the same.
      if (log.code === 'MODULE_LEVEL_DIRECTIVE' || level === 'info' || level === 'debug') return
      throw new Error(log.message)
    },
    plugins: [
      {
        name: 'snippet',
        resolveId: (id) => (id === entry ? entry : undefined),
        load: (id) => (id === entry ? snippet : undefined),
      },
    ],
  })
  try {
    const { output } = await bundle.generate({ format: 'esm', minify: true })
    return output.map((file) => (file.type === 'chunk' ? file.code : '')).join('')
  } finally {
    await bundle.close()
  }
}
