/** Makes the slugs that a seed leaves to the emulator: from the name, and no two alike. */
export class SlugSource {
  readonly #taken: Set<string>

  constructor(taken: Iterable<string | null | undefined>) {
    this.#taken = new Set()
    for (const slug of taken) if (typeof slug === 'string') this.#taken.add(slug)
  }

  of(name: string): string {
    const base =
      name
        .normalize('NFKD')
        .replace(/\p{M}/gu, '')
        .toLowerCase()
        .replace(/[^a-z0-9]+/g, '-')
        .replace(/^-+|-+$/g, '') || 'organization'
    let slug = base
    for (let count = 2; this.#taken.has(slug); count += 1) slug = `${base}-${count}`
    this.#taken.add(slug)
    return slug
  }
}
