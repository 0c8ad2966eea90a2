import { Buffer } from 'node:buffer'
import { randomFillSync } from 'node:crypto'

// A KSUID is 20 bytes: four of seconds since this epoch, sixteen of randomness, written as 27 base-62 digits.
const epochSeconds = 1_400_000_000
const digits = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz'
const length = 27
const oneWord = 2 ** 32

/**
 * Makes ids as the API does: a prefix and a KSUID whose time part agrees with the time given (contract, section 5).
 *
 * Ids of the same second count upwards from a random start, so that among rows of one millisecond the order of ids is
 * the order of creation.
 */
export function createIdSource(): (prefix: string, time: number) => string {
  const words = new Uint32Array(5)
  let lastSecond = Number.NaN
  return (prefix, time) => {
    const second = Math.min(Math.max(Math.floor(time / 1000) - epochSeconds, 0), oneWord - 1)
    if (second === lastSecond) {
      increment(words)
    } else {
      randomFillSync(words)
      // Room to count upwards: the random part starts in the lower half.
      words[1] = (words[1] as number) >>> 1
      words[0] = second
      lastSecond = second
    }
    return toText(prefix, words)
  }
}

/** The time in a KSUID, in seconds since 1970. `NaN` when the text is none. */
export function secondsOf(id: string): number {
  const text = id.slice(id.lastIndexOf('_') + 1)
  if (text.length !== length) return Number.NaN
  let value = 0n
  for (const character of text) {
    const digit = digits.indexOf(character)
    if (digit < 0) return Number.NaN
    value = value * 62n + BigInt(digit)
  }
  return Number(value >> 128n) + epochSeconds
}

function increment(words: Uint32Array): void {
  for (let index = words.length - 1; index > 0; index -= 1) {
    const next = (words[index] as number) + 1
    words[index] = next
    if (next < oneWord) return
  }
}

const scratch = Buffer.alloc(256)
const digitCodes = Buffer.from(digits, 'latin1')

/**
 * Long division by 62, word by word: about ten times as fast as BigInt, which a seed of a million members feels. The
 * text is made in one piece: one that was joined digit by digit would take twenty times the memory.
 */
function toText(prefix: string, words: Uint32Array): string {
  const rest = Uint32Array.from(words)
  const start = scratch.write(`${prefix}_`, 'latin1')
  for (let position = length - 1; position >= 0; position -= 1) {
    let remainder = 0
    for (let index = 0; index < rest.length; index += 1) {
      const value = remainder * oneWord + (rest[index] as number)
      const quotient = Math.floor(value / 62)
      rest[index] = quotient
      // The remainder of doubles by `%` takes most of the time there is; all of this is exact below 2 ** 53.
      remainder = value - quotient * 62
    }
    scratch[start + position] = digitCodes[remainder] as number
  }
  return scratch.toString('latin1', 0, start + length)
}
