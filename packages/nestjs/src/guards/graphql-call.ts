import type { ExecutionContext } from '@nestjs/common'

/** What a GraphQL server gives a resolver. Nothing in it has been checked. */
export interface GraphQLCall {
  readonly args: unknown
  readonly context: unknown
  /** A new object for each field that is resolved. */
  readonly info: unknown
}

/** Resolvers are given `(parent, args, context, info)`, reference resolvers of a federation `(reference, context, info)`. */
export function graphQLCallOf(executionContext: ExecutionContext): GraphQLCall {
  const given: unknown[] = executionContext.getArgs()
  const [args, context, info] =
    given.length === 3 ? [undefined, given[1], given[2]] : given.slice(1)
  return { args, context, info }
}
