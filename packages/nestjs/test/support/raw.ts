import { connect } from 'node:net'

/** Sends bytes as they are, which no HTTP client would, and reads the answer's status and body. */
export function sendRaw(
  url: string,
  lines: readonly string[],
  body = '',
): Promise<{ status: number; body: string }> {
  const { hostname, port } = new URL(url)
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname)
    let text = ''
    socket.setEncoding('utf8')
    socket.on('data', (chunk: string) => (text += chunk))
    socket.on('error', reject)
    socket.on('close', () => {
      const [head = '', ...rest] = text.split('\r\n\r\n')
      resolve({ status: Number(/^HTTP\/1\.1 (\d+)/.exec(head)?.[1]), body: rest.join('\r\n\r\n') })
    })
    socket.write([...lines, 'Host: localhost', 'Connection: close', '', body].join('\r\n'))
  })
}
