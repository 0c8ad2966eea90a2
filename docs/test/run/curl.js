// @ts-check
// Does what the samples ask of curl, on a machine that has none: `curl [--silent] [-X METHOD] [-H HEADER] [-d BODY] URL`.
import process from 'node:process'
import { parseArgs } from 'node:util'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    silent: { type: 'boolean' },
    request: { type: 'string', short: 'X' },
    header: { type: 'string', short: 'H', multiple: true, default: [] },
    data: { type: 'string', short: 'd' },
  },
})
const [url = ''] = positionals
const headers = values.header.map(
  (line) => /** @type {[string, string]} */ (line.split(/: (.*)/, 2)),
)
const response = await fetch(url, {
  method: values.request ?? (values.data === undefined ? 'GET' : 'POST'),
  headers,
  ...(values.data !== undefined && { body: values.data }),
})
process.stdout.write(await response.text())
