import type { INestApplication } from '@nestjs/common'
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger'
import { createEmulator, type Emulator } from '@org-memberships/emulator'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { OrganizationMembershipsHttpModule } from '../src/index.js'
import { MembershipAccess } from '../src/index.js'
import { adapters } from './support/app.js'
import { type Mounted, startMounted } from './support/mounted.js'
import { seed } from './support/seed.js'

interface Operation {
  operationId?: string
  parameters?: { name: string; schema?: { maximum?: number; enum?: string[] } }[]
  responses: { [status: string]: unknown }
}

const documentOf = (app: INestApplication): OpenAPIObject =>
  SwaggerModule.createDocument(app, new DocumentBuilder().addBearerAuth().build())

const operationsOf = ({ paths }: OpenAPIObject) =>
  Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item as { [method: string]: Operation }).map(([method, operation]) => ({
      path,
      method,
      operation,
    })),
  )

let emulator: Emulator
beforeAll(async () => {
  emulator = await createEmulator({ seed })
})
afterAll(() => emulator.close())

describe.each(adapters)('the description of two mounts on %s', (adapter) => {
  let mounted: Mounted
  let operations: ReturnType<typeof operationsOf>
  beforeAll(async () => {
    mounted = await startMounted(adapter, {
      emulator,
      http: { isGlobal: true },
      metadata: {
        imports: [
          OrganizationMembershipsHttpModule.forRoot({
            path: 'partners/v2',
            access: { useExisting: MembershipAccess },
            filters: ['phoneNumber'],
            maxLimit: 20,
          }),
        ],
      },
    })
    operations = operationsOf(documentOf(mounted.app))
  })
  afterAll(() => mounted.close())

  it('has each operation once, under an id of its own', () => {
    const ids = operations.map(({ operation }) => operation.operationId)
    expect(ids).toHaveLength(10)
    expect(new Set(ids).size).toBe(10)
    expect(ids).toContain('ListOrganizationMemberships')
    expect(ids).toContain('UpdateOrganizationMembershipMetadata_partners_v2')
  })

  it('says of a list what the mount takes', () => {
    const parametersOf = (path: string) => {
      const list = operations.find((each) => each.path.startsWith(path) && each.method === 'get')
      return new Map(list?.operation.parameters?.map(({ name, schema }) => [name, schema]))
    }
    const [byDefault, partners] = [parametersOf('/v1'), parametersOf('/partners')]
    expect([byDefault.get('limit')?.maximum, partners.get('limit')?.maximum]).toEqual([100, 20])
    expect(byDefault.get('order_by')?.enum).not.toContain('phone_number')
    expect(partners.get('order_by')?.enum).toContain('-phone_number')
    expect([byDefault.has('phone_number'), partners.has('phone_number')]).toEqual([false, true])
  })

  it('has the errors of every operation', () => {
    for (const { operation } of operations) {
      expect(Object.keys(operation.responses)).toEqual(
        expect.arrayContaining(['200', '400', '401', '403', '404', '422', '429']),
      )
    }
  })
})
