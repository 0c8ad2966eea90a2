import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OrderedList } from '../src/store/ordered-list.js'

interface Item {
  readonly value: number
  readonly id: number
}
const compare = (a: Item, b: Item) => a.value - b.value || a.id - b.id

const step = fc.record({
  isAdding: fc.boolean(),
  value: fc.integer({ min: 0, max: 50 }),
  pick: fc.nat(),
})

describe('an ordered list', () => {
  it('holds what a sorted array holds, whatever is added and removed', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.nat(3000), (steps, startSize) => {
        let nextId = startSize
        let model = Array.from({ length: startSize }, (_, id) => ({ value: (id * 7) % 50, id }))
        const list = new OrderedList(model, compare)
        model = model.toSorted(compare)
        for (const { isAdding, value, pick } of steps) {
          const picked = model[pick % Math.max(1, model.length)]
          if (isAdding || picked === undefined) {
            const item = { value, id: nextId++ }
            list.add(item)
            model = [...model, item].toSorted(compare)
          } else {
            const position = model.indexOf(picked)
            if (list.rank(picked) !== position) return false
            list.delete(picked)
            model.splice(position, 1)
          }
        }
        expect([...list]).toEqual(model)
        expect([...list.backwards()]).toEqual(model.toReversed())
        expect(list.size).toBe(model.length)
        const start = startSize % 600
        expect(list.slice(start, 37)).toEqual(model.slice(start, start + 37))
        return true
      }),
      { numRuns: 60 },
    )
  })

  it('grows from nothing, back to nothing, and over many chunks', () => {
    const list = new OrderedList<Item>([], compare)
    const items = Array.from({ length: 5000 }, (_, id) => ({ value: (id * 7919) % 5000, id }))
    for (const item of items) list.add(item)
    expect([...list].map(({ value }) => value)).toEqual(items.map((_, index) => index))
    list.delete({ value: 1, id: -1 })
    expect(list.size).toBe(5000)
    for (const item of items) list.delete(item)
    expect([...list]).toEqual([])
    expect(list.slice(0, 10)).toEqual([])
  })
})
