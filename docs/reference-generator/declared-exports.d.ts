export interface DeclaredExport {
  readonly name: string
  /** Whether it is there for the compiler only. */
  readonly isType: boolean
  /** Whether it has a docstring. */
  readonly isDocumented: boolean
}

export declare function declaredExports(file: string): DeclaredExport[]
