import { registerInstrumentations } from '@opentelemetry/instrumentation'
import { NestInstrumentation } from '@opentelemetry/instrumentation-nestjs-core'

// As a preloaded file of the app: Nest has to be patched before anything loads it.
registerInstrumentations({ instrumentations: [new NestInstrumentation()] })
