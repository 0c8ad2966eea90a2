// Nothing in the repository may tell where it was written, or carry a key that opens something.
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import process from 'node:process'

const rules = [
  {
    what: 'the host of a package registry: which one is used is a matter of each machine',
    pattern: /https?:\/\/[\w.-]*(?:registry|artifactory|nexus|verdaccio|mirror)[\w.-]*/gi,
  },
  {
    what: 'a credential of a package registry',
    pattern: /_(?:authToken|auth|password)\s*=\s*\S+|\bnpm_[A-Za-z0-9]{36}\b/g,
  },
  {
    what: 'where a package was downloaded from',
    pattern: /\b(?:tarball|resolved)['"]?: *['"]?https?:[^\s,}]+/g,
  },
  {
    what: 'a host of a private network',
    pattern:
      /https?:\/\/(?:10\.|192\.168\.|172\.(?:1[6-9]|2\d|3[01])\.|[\w.-]+\.(?:internal|corp|lan|intranet)\b)[\w.:-]*/gi,
  },
  {
    what: 'an absolute path of one machine',
    pattern:
      /(?<![\w.~$})*/-])\/(?:home|root|Users|tmp|work|workspace|workspaces|builds|mnt|private\/var|var\/folders)\/[\w.-]+|\b[A-Z]:\\+Users\\+\w+/g,
  },
  {
    // A real one has 40 characters and more after its prefix; a made-up one that is short, or says so, opens nothing.
    what: "a secret key of Clerk's",
    pattern: /\bsk_(?:test|live)_[A-Za-z0-9]{24,}|\bsk_live_[A-Za-z0-9]{8,}/g,
  },
  { what: "a publishable key of Clerk's", pattern: /\bpk_(?:test|live)_[A-Za-z0-9=]{16,}/g },
  // 24 random bytes and more.
  { what: 'the secret of a webhook', pattern: /\bwhsec_[A-Za-z0-9+/=]{32,}/g },
  { what: 'a signed token', pattern: /\beyJ[\w-]{16,}\.[\w-]{16,}\.[\w-]{16,}/g },
  { what: 'a private key', pattern: /-----BEGIN [A-Z ]*PRIVATE KEY-----\s*[A-Za-z0-9+/=]{20,}/g },
  {
    what: 'an access token',
    pattern:
      /\b(?:gh[pousr]_[A-Za-z0-9]{36}|github_pat_\w{22,}|AKIA[A-Z0-9]{16}|xox[abprs]-[\w-]{10,})/g,
  },
]

// What looks like one of these and is none. Each with its reason; the whole match, so that nothing else slips in.
const harmless = new Map([
  ['pk_live_Y2xlcmsuZXhhbXBsZS5jb20k', "a test's key, of clerk.example.com"],
])

const files = execFileSync('git', ['ls-files', '-z'], { encoding: 'utf8', maxBuffer: 2 ** 26 })
  .split('\0')
  .filter((file) => file !== '' && existsSync(file))
const used = new Set()
const findings = files.flatMap(search)
for (const finding of findings) console.error(finding)
for (const [match, reason] of harmless) {
  if (used.has(match)) continue
  console.error(`.ci/check-tree.js: nothing needs the exception for ${match} (${reason}) any more.`)
  process.exitCode = 1
}
if (findings.length > 0) {
  console.error('Take it out. If it is harmless, say why in .ci/check-tree.js.')
  process.exitCode = 1
} else {
  console.log(`${files.length} files: no key, no path of a machine, no registry.`)
}

/** @param {string} file */
function search(file) {
  const text = readFileSync(file, 'utf8')
  if (text.includes('\0')) return []
  return rules.flatMap(({ what, pattern }) =>
    [...text.matchAll(pattern)].flatMap(({ 0: match, index }) => {
      if (harmless.has(match)) {
        used.add(match)
        return []
      }
      const line = text.slice(0, index).split('\n').length
      // A key is not printed again, into a log that more people read.
      return [`${file}:${line}: ${match.slice(0, 12)}… looks like ${what}.`]
    }),
  )
}
