// Writes docs/reference out of the docstrings, one folder per package, from what is built: the very declarations that
// an editor shows.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import process from 'node:process'
import { fileURLToPath } from 'node:url'
import GitHubSlugger from 'github-slugger'
import { Application } from 'typedoc'

const root = new URL('../../', import.meta.url)
const reference = new URL('docs/reference/', root)

await rm(reference, { recursive: true, force: true })
const folders = readdirSync(new URL('packages/', root))
for (const folder of folders) await generate(folder)
mendLinks()
const links = folders.map((folder) => `- [@org-memberships/${folder}](${folder}/README.md)\n`)
await writeFile(
  new URL('README.md', reference),
  '# Reference\n\nEvery export, out of the docstrings. Written by `npx --yes pnpm@12.21.0 reference`; change it there, in the ' +
    `source.\n\n${links.join('')}`,
)

/** @param {string} folder */
async function generate(folder) {
  const home = new URL(`packages/${folder}/`, root)
  const { name, exports } = JSON.parse(readFileSync(new URL('package.json', home), 'utf8'))
  const entryPoints = Object.values(exports)
    .filter((target) => typeof target === 'object')
    .map(({ types }) => fileURLToPath(new URL(types, home)))
  const missing = entryPoints.find((file) => !existsSync(file))
  if (missing !== undefined) throw new Error(`${missing} is not there: build the packages first.`)
  const app = await Application.bootstrapWithPlugins({
    name,
    entryPoints,
    basePath: fileURLToPath(new URL('dist/', home)),
    tsconfig: fileURLToPath(new URL('tsconfig.json', import.meta.url)),
    compilerOptions: { skipLibCheck: true },
    skipErrorChecking: true,
    plugin: ['typedoc-plugin-markdown'],
    router: 'module',
    readme: 'none',
    disableGit: true,
    disableSources: true,
    excludePrivate: true,
    excludeExternals: true,
    githubPages: false,
    hidePageHeader: true,
    hideBreadcrumbs: true,
    validation: { invalidLink: true, notExported: false, notDocumented: false },
    treatValidationWarningsAsErrors: true,
    logLevel: 'Warn',
    outputs: [{ name: 'markdown', path: fileURLToPath(new URL(`${folder}/`, reference)) }],
  })
  const project = await app.convert()
  if (project === undefined) throw new Error(`${name}: TypeDoc could not read its declarations.`)
  app.validate(project)
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) process.exitCode = 1
}

/**
 * To TypeDoc the property `ListParameter.kind` and the type `ListParameterKind` have one anchor, so it numbers the second.
 * The page has a heading for that one only: such a link is to lose its number. And a section of the contract becomes a link.
 */
function mendLinks() {
  const contract = anchorsOf(readFileSync(new URL('../contract.md', reference), 'utf8'))
  for (const file of readdirSync(reference, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('.md')) continue
    const url = new URL(file, reference)
    const text = readFileSync(url, 'utf8')
    const anchors = new Set(anchorsOf(text))
    const mended = text
      .replaceAll(/\(#([\w-]+)-\d+\)/g, (link, anchor) =>
        anchors.has(link.slice(2, -1)) ? link : `(#${anchor})`,
      )
      .replaceAll(/\bcontract, section (\d+)/g, (words, section) => {
        const anchor = contract.find((slug) => slug.startsWith(`${section}-`))
        return `[${words}](../../contract.md#${anchor})`
      })
    if (mended !== text) writeFileSync(url, mended)
  }
}

/** @param {string} markdown */
function anchorsOf(markdown) {
  const slugger = new GitHubSlugger()
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => slugger.slug(heading))
}
