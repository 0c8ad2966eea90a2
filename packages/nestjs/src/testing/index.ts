export { createTestingModule, type TestingOptions } from './create-testing-module.js'
export { emulatorOf } from './emulator-module.js'
