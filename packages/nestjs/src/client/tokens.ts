import { Inject } from '@nestjs/common'
import { OrganizationMembershipsClient } from '@org-memberships/core'
import { OrganizationMembershipsHealth } from './health.js'

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

/** What to inject for the health of a client: the class itself for the client without a name. */
export function getOrganizationMembershipsHealthToken(
  name?: string,
): typeof OrganizationMembershipsHealth | string {
  return name === undefined
    ? OrganizationMembershipsHealth
    : `${OrganizationMembershipsHealth.name}:${name}`
}
