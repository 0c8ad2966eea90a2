import { Inject } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'

/**
 * What to inject: the client class itself for the client without a name, `OrganizationMembershipsClient:eu` for the
 * one named `eu`.
 */
export function getOrganizationMembershipsToken(
  name?: string,
): typeof OrganizationMembershipsClient | string {
  return name === undefined
    ? OrganizationMembershipsClient
    : `${OrganizationMembershipsClient.name}:${name}`
}

/**
 * Injects a named client, or without a name the one that the class injects too.
 *
 * @example
 * ```ts
 * constructor(@InjectOrganizationMemberships('eu') private readonly memberships: OrganizationMembershipsClient) {}
 * ```
 */
export function InjectOrganizationMemberships(
  name?: string,
): ParameterDecorator & PropertyDecorator {
  return Inject(getOrganizationMembershipsToken(name))
}
