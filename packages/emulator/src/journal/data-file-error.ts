/** A data file that cannot be used: taken, damaged, or none of the emulator's. */
export class DataFileError extends Error {
  override readonly name = 'DataFileError'
}
