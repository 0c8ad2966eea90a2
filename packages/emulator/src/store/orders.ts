import type { orderFields } from '@org-memberships/core/contract'
import { OrderedList } from './ordered-list.js'

export type OrderField = (typeof orderFields)[number]

/** What each field makes of two rows, upwards. */
export type Comparators<Row> = { readonly [Field in OrderField]: (a: Row, b: Row) => number }

/**
 * The same rows in every order that somebody asked for. Each order is made at the first request for it and kept up to
 * date from then on, so an order that nobody asks for costs nothing.
 */
export class Orders<Row> {
  readonly #lists = new Map<OrderField, OrderedList<Row>>()
  readonly #all: () => Iterable<Row>
  readonly #comparators: Comparators<Row>

  constructor(all: () => Iterable<Row>, comparators: Comparators<Row>) {
    this.#all = all
    this.#comparators = comparators
  }

  by(field: OrderField): OrderedList<Row> {
    let list = this.#lists.get(field)
    if (list === undefined) {
      list = new OrderedList(this.#all(), this.#comparators[field])
      this.#lists.set(field, list)
    }
    return list
  }

  add(row: Row): void {
    for (const list of this.#lists.values()) list.add(row)
  }

  delete(row: Row): void {
    for (const list of this.#lists.values()) list.delete(row)
  }
}
