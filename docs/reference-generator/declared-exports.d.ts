export interface DeclaredExport {
  readonly name: string
  /** Whether it is there for the compiler only. */
  readonly isType: boolean
  /** Whether it has a docstring. */
  readonly isDocumented: boolean
}

/** In the order of the files. */
export declare function declaredExports(files: readonly string[]): DeclaredExport[][]
