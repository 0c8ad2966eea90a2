import { failures } from './failures.js'

/** The API's versions (contract, section 1). */
export const apiVersions = [
  '2021-02-05',
  '2024-10-01',
  '2025-04-10',
  '2025-11-10',
  '2026-05-12',
] as const

export type APIVersion = (typeof apiVersions)[number]

/** What a request that names no version gets: the behaviour from before there were versions. */
export const versionBeforeVersions: APIVersion = '2021-02-05'

/** @throws Failure 400 where the version is unknown, or named in the header and in the URL */
export function readVersion(header: string | undefined, search: URLSearchParams): APIVersion {
  const inURL = search.get('__clerk_api_version')
  if (header !== undefined && inURL !== null) {
    throw failures.apiVersion('it is given both in the header and in the URL.')
  }
  const given = header ?? inURL
  if (given === null) return versionBeforeVersions
  const version = apiVersions.find((known) => known === given)
  if (version === undefined) throw failures.apiVersion(`${given} is not a version of this API.`)
  return version
}
