import type { Provider, Type } from '@nestjs/common'
import {
  fillPath,
  listLimits,
  type ListParameterKind,
  listParameters,
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
import { type ListRules, openOrderFields, openParameters } from './request-reading.js'

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

const operationIds: { readonly [Operation in MountedOperation]: string } = {
  create: 'CreateOrganizationMembership',
  list: 'ListOrganizationMemberships',
  update: 'UpdateOrganizationMembership',
  updateMetadata: 'UpdateOrganizationMembershipMetadata',
  delete: 'DeleteOrganizationMembership',
}

const refusals = {
  400: 'A rule of the API was broken, or the body is no JSON object.',
  401: 'No session that counts.',
  403: 'The session may not do this, or there is no such organization.',
  404: 'No such user, role or member.',
  422: 'A parameter is missing, unknown or has a wrong value.',
  429: 'Too many requests; see Retry-After.',
} as const

export interface DocumentedMount {
  readonly path: string
  readonly operations: readonly MountedOperation[]
  readonly list: ListRules
}

/**
 * Describes a mounted controller to `@nestjs/swagger`, where that is installed. A provider, since Nest waits for what it
 * is made of: the description is complete once the app is created, which is before a document can be.
 */
export function openAPIProvider(controller: Type<object>, mount: DocumentedMount): Provider {
  return {
    provide: Symbol('OpenAPIOfThisMount'),
    useFactory: async () => {
      const swagger = await loadSwagger()
      if (swagger !== undefined) documentController(swagger, controller, mount)
    },
  }
}

/** Nothing where it is not installed: it is an optional peer. Bundlers find it by this import. */
async function loadSwagger(): Promise<Swagger | undefined> {
  try {
    // Its own types want schemas that may be changed.
    return (await import('@nestjs/swagger')) as unknown as Swagger
  } catch {
    return undefined
  }
}

function documentController(swagger: Swagger, controller: Type<object>, mount: DocumentedMount) {
  swagger.ApiTags('Organization memberships')(controller)
  swagger.ApiBearerAuth()(controller)
  const prototype = controller.prototype as object
  for (const operation of mount.operations) {
    const descriptor = Reflect.getOwnPropertyDescriptor(prototype, operation)
    if (descriptor === undefined) continue
    for (const decorate of decoratorsOf(swagger, operation, mount)) {
      decorate(prototype, operation, descriptor)
    }
  }
}

/** Clerk's own ids; those of a mount elsewhere than at the default path say where, so that none is there twice. */
function operationIdOf(operation: MountedOperation, path: string): string {
  const words = path.split(/[^A-Za-z0-9]+/).filter((word) => word !== '')
  const place = words.join('_')
  return place === 'v1' ? operationIds[operation] : `${operationIds[operation]}_${place}`
}

function decoratorsOf(
  swagger: Swagger,
  operation: MountedOperation,
  { path, list }: DocumentedMount,
): MethodDecorator[] {
  const operationId = operationIdOf(operation, path)
  const decorators = [swagger.ApiOperation({ summary: summaries[operation], operationId })]
  fillPath(routes[operation].path, (name) => {
    decorators.push(swagger.ApiParam({ name, schema: { type: 'string' } }))
    return name
  })
  if (operation === 'list') {
    const open: readonly string[] = openParameters(list.filters)
    for (const [key, { name, kind }] of Object.entries(listParameters)) {
      if (!open.includes(key)) continue
      const schema = parameterSchema(key, kind, list)
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

function parameterSchema(key: string, kind: ListParameterKind, list: ListRules): Schema {
  const { filters, maxLimit: maximum } = list
  const { defaultLimit, minimumLimit: minimum } = listLimits
  if (key === 'limit') {
    return { type: 'integer', minimum, maximum, default: Math.min(defaultLimit, maximum) }
  }
  if (key === 'offset') return { type: 'integer', minimum: 0, default: 0 }
  if (kind === 'texts') return { type: 'array', items: { type: 'string' } }
  if (kind === 'timestamp') {
    return { type: 'integer', description: 'Milliseconds since the epoch.' }
  }
  if (kind !== 'order') return { type: 'string' }
  const orders = openOrderFields(filters).flatMap((field) => [field, `+${field}`, `-${field}`])
  return { type: 'string', enum: orders, default: '-created_at' }
}
