import 'reflect-metadata'
import { PrismaPg } from '@prisma/adapter-pg'
import { PrismaClient } from '@prisma/client'
import { drizzle } from 'drizzle-orm/node-postgres'
import knex from 'knex'
import { Pool } from 'pg'
import { DataSource } from 'typeorm'
import { fromDrizzle } from './drizzle.js'
import { exercise } from './exercise.js'
import { fromKnex } from './knex.js'
import { fromPrisma } from './prisma.js'
import { fromTypeORM } from './typeorm.js'

const [, , name = '', url = '', host = ''] = process.argv
const connection = { host, port: 5432, user: 'postgres', database: 'postgres' }

const builders: { [name: string]: () => Promise<unknown> } = {
  async drizzle() {
    const pool = new Pool(connection)
    const report = await exercise(fromDrizzle(drizzle({ client: pool })), url, 'of_drizzle')
    await pool.end()
    return report
  },
  async typeorm() {
    const { user: username, ...rest } = connection
    const dataSource = new DataSource({ type: 'postgres', ...rest, username })
    await dataSource.initialize()
    const report = await exercise(fromTypeORM(dataSource), url, 'of_typeorm')
    await dataSource.destroy()
    return report
  },
  async knex() {
    const builder = knex({ client: 'pg', connection })
    const report = await exercise(fromKnex(builder), url, 'of_knex')
    await builder.destroy()
    return report
  },
  async prisma() {
    const prisma = new PrismaClient({ adapter: new PrismaPg(connection) })
    const report = await exercise(fromPrisma(prisma), url, 'of_prisma')
    await prisma.$disconnect()
    return report
  },
}

console.log(JSON.stringify(await builders[name]?.()))
