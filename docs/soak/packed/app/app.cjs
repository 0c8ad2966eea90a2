require('reflect-metadata')
const common = require('@nestjs/common')
const { NestFactory } = require('@nestjs/core')
const core = require('@org-memberships/core')
const emulator = require('@org-memberships/emulator')
const nestjs = require('@org-memberships/nestjs')
const hooks = require('@org-memberships/react')
const seeds = require('@org-memberships/react/seed')
const react = require('react')
const server = require('react-dom/server')
const checks = require('./checks.cjs')

async function main() {
  await checks.callTheEmulator(core, emulator)
  await checks.serveRoutes(common, { NestFactory }, nestjs, emulator)
  await checks.renderOnServer(core, react, server, hooks, seeds, emulator)
  console.log('fine')
}

main().catch((error) => {
  console.error(error)
  process.exitCode = 1
})
