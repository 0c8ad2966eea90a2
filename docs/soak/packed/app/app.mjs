import 'reflect-metadata'
import * as common from '@nestjs/common'
import { NestFactory } from '@nestjs/core'
import * as core from '@org-memberships/core'
import * as emulator from '@org-memberships/emulator'
import * as nestjs from '@org-memberships/nestjs'
import * as hooks from '@org-memberships/react'
import * as seeds from '@org-memberships/react/seed'
import react from 'react'
import server from 'react-dom/server'
import checks from './checks.cjs'

await checks.callTheEmulator(core, emulator)
await checks.serveRoutes(common, { NestFactory }, nestjs, emulator)
await checks.renderOnServer(core, react, server, hooks, seeds, emulator)
console.log('fine')
