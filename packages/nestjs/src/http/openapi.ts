import { createRequire } from 'node:module'
import { join } from 'node:path'
import {
  fillPath,
  listLimits,
  type ListParameterKind,
  listParameters,
  orderFields,
  routes,
} from '@org-memberships/core/contract'
import type { MountedOperation } from '../access/membership-access.js'
import {
  bodySchemas,
  errorsSchema,
  membershipSchema,
  membershipsSchema,
  type Schema,
} from './openapi-schemas.js'

/** The decorators of `@nestjs/swagger` that are used here. */
interface Swagger {
  ApiBearerAuth(): ClassDecorator
  ApiTags(...tags: string[]): ClassDecorator
  ApiOperation(options: { summary: string; operationId?: string }): MethodDecorator
  ApiParam(options: { name: string; schema: Schema }): MethodDecorator
  ApiQuery(options: {
    name: string
    required: boolean
    schema: Schema
    explode?: boolean
    style?: string
  }): MethodDecorator
  ApiBody(options: { required: boolean; schema: Schema }): MethodDecorator
  ApiResponse(options: { status: number; description: string; schema: Schema }): MethodDecorator
}

const summaries: { readonly [Operation in MountedOperation]: string } = {
  create: 'Add a user to an organization',
  list: "List an organization's members",
  update: "Change a member's role",
  updateMetadata: "Merge into a member's public metadata",
  delete: 'Remove a member from an organization',
}

const refusals = {
  400: 'A rule of the API was broken, or the body is no JSON object.',
  401: 'No session that counts.',
  403: 'The session may not do this, or there is no such organization.',
  404: 'No such user, role or member.',
  422: 'A parameter is missing, unknown or has a wrong value.',
  429: 'Too many requests; see Retry-After.',
} as const

/** Describes a mounted controller to `@nestjs/swagger`, where the app has it installed. */
export function documentController(
  controller: { prototype: object } & NewableFunction,
  operations: readonly MountedOperation[],
  filters: readonly string[],
): void {
  const swagger = loadSwagger()
  if (swagger === undefined) return
  swagger.ApiTags('Organization memberships')(controller)
  swagger.ApiBearerAuth()(controller)
  for (const operation of operations) {
    const { prototype } = controller
    const descriptor = Reflect.getOwnPropertyDescriptor(prototype, operation)
    if (descriptor === undefined) continue
    for (const decorate of decoratorsOf(swagger, operation, filters)) {
      decorate(prototype, operation, descriptor)
    }
  }
}

function decoratorsOf(
  swagger: Swagger,
  operation: MountedOperation,
  filters: readonly string[],
): MethodDecorator[] {
  const decorators = [swagger.ApiOperation({ summary: summaries[operation] })]
  fillPath(routes[operation].path, (name) => {
    decorators.push(swagger.ApiParam({ name, schema: { type: 'string' } }))
    return name
  })
  if (operation === 'list') {
    for (const [key, { name, kind }] of Object.entries(listParameters)) {
      if (!filters.includes(key)) continue
      const schema = parameterSchema(key, kind)
      decorators.push(swagger.ApiQuery({ name, required: false, schema }))
    }
  }
  if (operation in bodySchemas) {
    const schema = bodySchemas[operation as keyof typeof bodySchemas]
    decorators.push(swagger.ApiBody({ required: operation !== 'updateMetadata', schema }))
  }
  const schema = operation === 'list' ? membershipsSchema : membershipSchema
  decorators.push(swagger.ApiResponse({ status: 200, description: 'As the API answers.', schema }))
  for (const [status, description] of Object.entries(refusals)) {
    decorators.push(
      swagger.ApiResponse({ status: Number(status), description, schema: errorsSchema }),
    )
  }
  return decorators
}

function parameterSchema(key: string, kind: ListParameterKind): Schema {
  const { defaultLimit, minimumLimit: minimum, maximumLimit: maximum } = listLimits
  if (key === 'limit') return { type: 'integer', minimum, maximum, default: defaultLimit }
  if (key === 'offset') return { type: 'integer', minimum: 0, default: 0 }
  if (kind === 'texts') return { type: 'array', items: { type: 'string' } }
  if (kind === 'timestamp') {
    return { type: 'integer', description: 'Milliseconds since the epoch.' }
  }
  if (kind !== 'order') return { type: 'string' }
  const orders = orderFields.flatMap((field) => [field, `+${field}`, `-${field}`])
  return { type: 'string', enum: orders, default: '-created_at' }
}

/**
 * Decorators are applied while the module is put together, so this cannot wait for an import. It is the app's copy that
 * counts, hence the look from the app's side: from its main file, or the folder that it was started in.
 */
function loadSwagger(): Swagger | undefined {
  for (const from of [process.argv[1], join(process.cwd(), 'package.json')]) {
    if (from === undefined) continue
    try {
      return createRequire(from)('@nestjs/swagger') as Swagger
    } catch {
      // Not there, or not from here.
    }
  }
  return undefined
}
