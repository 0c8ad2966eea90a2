import ts from 'typescript'

/**
 * What each declaration file exports, sorted by name. TypeScript 7 has no API to ask; hence this package, which carries
 * an older one.
 *
 * @param {readonly string[]} files
 * @returns {import('./declared-exports.js').DeclaredExport[][]}
 */
export function declaredExports(files) {
  const program = ts.createProgram(files, {
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    noLib: true,
    types: [],
  })
  const checker = program.getTypeChecker()
  return files.map((file) => {
    const source = program.getSourceFile(file)
    const module = source && checker.getSymbolAtLocation(source)
    if (module === undefined) throw new Error(`${file} is not a module. Is the package built?`)
    return checker
      .getExportsOfModule(module)
      .map((symbol) => describe(checker, symbol))
      .toSorted((left, right) => (left.name < right.name ? -1 : 1))
  })
}

/**
 * @param {ts.TypeChecker} checker
 * @param {ts.Symbol} exported
 */
function describe(checker, exported) {
  const isAlias = (exported.flags & ts.SymbolFlags.Alias) !== 0
  const symbol = isAlias ? checker.getAliasedSymbol(exported) : exported
  const documentation = ts.displayPartsToString(symbol.getDocumentationComment(checker))
  return {
    name: exported.name,
    // `export type { SomeClass }` exports no value, though a class is one.
    isType: (symbol.flags & ts.SymbolFlags.Value) === 0 || isTypeOnly(exported),
    isDocumented: documentation !== '' || symbol.getJsDocTags(checker).length > 0,
  }
}

/** @param {ts.Symbol} exported */
function isTypeOnly(exported) {
  return (exported.declarations ?? []).some(
    (declaration) =>
      ts.isExportSpecifier(declaration) &&
      (declaration.isTypeOnly || declaration.parent.parent.isTypeOnly),
  )
}
