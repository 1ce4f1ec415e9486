/**
 * Who may import whom. What is not listed is forbidden. The rules of the business modules come from their own `after` lists, so that a new
 * module or channel needs no line here.
 */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

const root = process.env.LIANKE_ARCH_ROOT ?? import.meta.dirname
const ours = '^(api|adapters|bot|jobs|admin|migrations)/|^knexfile\\.ts$'

/** Roots compose everything and are imported by nobody but each other. */
const roots = [
  '^(api|bot|jobs)/start\\.ts$',
  '^api/(server|migrate|rotate-secrets|verify-audit|add-staff|first-administrator|with-app)\\.ts$',
  '^api/embedded/',
  '^api/test/',
  '^migrations/seeds/',
  '^knexfile\\.ts$',
]
/** Open to tests beside what their folder may import. */
const testHelp = ['^api/test/', '^adapters/testing/', '^adapters/[^/]+/simulator/', '^api/embedded/', '/fixtures/']
const tests = '\\.test\\.ts$'
const notProduct = ['^adapters/testing/', '^adapters/[^/]+/simulator/']

/** Code under `from` imports, of ours, only what `allowed` names; its tests also the test helpers. */
const onlyTo = (name, from, allowed, comment, fromNot = []) => [
  { name, comment, severity: 'error', from: { path: from, pathNot: [tests, ...roots, ...fromNot] }, to: { path: ours, pathNot: allowed } },
  {
    name: `${name}-tests`,
    comment: `${comment}; tests also the test helpers`,
    severity: 'error',
    from: { path: `${from}.*${tests}`, pathNot: [...roots, ...fromNot] },
    to: { path: ours, pathNot: [...allowed, ...testHelp, '^migrations/'] },
  },
]

const filesOf = (directory) => (existsSync(directory) ? readdirSync(directory).filter((name) => name.endsWith('.ts')) : [])

function modulesOf(directory) {
  if (!existsSync(directory)) return []
  return readdirSync(directory)
    .filter((name) => existsSync(join(directory, name, 'module.ts')))
    .map((name) => ({ name, after: afterOf(readFileSync(join(directory, name, 'module.ts'), 'utf8')) }))
}

function afterOf(source) {
  const list = /\bafter:\s*\[([^\]]*)\]/.exec(source)
  if (!list) throw new Error('a module.ts without a literal `after: [...]`')
  return [...list[1].matchAll(/'([^']+)'/g)].map(([, name]) => name)
}

const moduleRules = modulesOf(join(root, 'api/modules')).flatMap(({ name, after }) =>
  onlyTo(
    `module-${name}`,
    `^api/modules/${name}/`,
    ['^api/core/', '^api/contract/', `^api/modules/${name}/`, ...after.map((lower) => `^api/modules/${lower}/index\\.ts$`)],
    `${name} may call ${after.join(', ') || 'no other module'}, each through its index.ts (see "after" in its module.ts)`,
  ),
)

const moduleFaces = '^api/modules/[^/]+/index\\.ts$'
/** Files of the contract that need zod at run time; the others are plain data. */
const schemas = filesOf(join(root, 'api/contract'))
  .filter((file) => /from 'zod'/.test(readFileSync(join(root, 'api/contract', file), 'utf8')))
  .map((file) => `^api/contract/${file.replaceAll('.', '\\.')}$`)

const clients = '^(admin|adapters/[^/]+/(client|simulator/page))/'

export default {
  forbidden: [
    {
      name: 'no-cycle',
      severity: 'error',
      comment: 'No import cycles',
      from: { path: ours },
      to: { circular: true, viaOnly: { dependencyTypesNot: ['type-only', 'dynamic-import'] } },
    },
    {
      name: 'unresolved',
      severity: 'error',
      comment: 'Imports must exist',
      from: { path: ours },
      to: { couldNotResolve: true, path: '^[.#]' },
    },
    {
      name: 'nobody-imports-roots',
      severity: 'error',
      comment: 'Composition roots and test helpers are imported by roots and tests alone',
      from: { path: ours, pathNot: [...roots, tests, '^adapters/testing/'] },
      to: { path: roots.concat(tests) },
    },
    {
      name: 'product-without-simulators',
      severity: 'error',
      comment: 'Simulators and the adapter suite are for roots and tests',
      from: { path: ours, pathNot: [...roots, tests, ...notProduct, '^jobs/handlers/simulate'] },
      to: { path: notProduct },
    },
    {
      name: 'product-without-dev-dependencies',
      severity: 'error',
      comment: 'The image installs without devDependencies',
      from: {
        path: '^(api|adapters|bot|jobs|migrations)/',
        pathNot: [tests, clients, '^api/test/', '^adapters/testing/', '^api/embedded/build\\.ts$', 'vite\\.config\\.ts$'],
      },
      to: { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'], pathNot: ['^node_modules/@types/'] },
    },
    ...onlyTo('contract', '^api/contract/', ['^api/contract/'], 'The contract imports zod alone'),
    ...onlyTo('core', '^api/core/', ['^api/core/', '^api/contract/'], 'The core knows the contract and no business'),
    ...onlyTo(
      'adapter-contract',
      '^adapters/contract/',
      ['^adapters/contract/', '^api/contract/'],
      'The adapter contract knows the message model alone',
    ),
    ...onlyTo(
      'adapter',
      '^adapters/(?!contract/|testing/)([^/]+)/',
      ['^adapters/$1/', '^adapters/contract/', '^api/contract/'],
      'A channel knows itself and the two contracts',
      [clients],
    ),
    ...onlyTo(
      'adapter-suite',
      '^adapters/testing/',
      ['^adapters/testing/', '^adapters/contract/', '^api/contract/'],
      'The suite knows the contract alone',
    ),
    ...onlyTo(
      'bot',
      '^bot/',
      ['^bot/', '^adapters/', '^api/core/', '^api/contract/', moduleFaces],
      'bot hosts adapters and calls modules by their faces',
    ),
    ...onlyTo(
      'jobs',
      '^jobs/',
      ['^jobs/', '^bot/', '^adapters/', '^api/core/', '^api/contract/', moduleFaces],
      'jobs may what bot may, and bot',
    ),
    ...onlyTo('migrations', '^migrations/', ['^migrations/'], 'A migration imports nothing of ours', [
      '^migrations/migrations\\.test\\.ts$',
    ]),
    ...onlyTo('admin', '^admin/', ['^admin/', '^api/contract/'], 'The workbench knows itself and the contract'),
    ...onlyTo(
      'client',
      '^adapters/([^/]+)/(client|simulator/page)/',
      ['^adapters/$1/', '^api/contract/'],
      'Pages of a channel know the channel and the contract',
    ),
    {
      name: 'clients-take-types',
      severity: 'error',
      comment: 'Browsers take types and plain data from the contract, never its schemas (they would carry zod along)',
      from: { path: clients, pathNot: tests },
      to: { path: schemas, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'servers-without-pages',
      severity: 'error',
      comment: 'What runs in Node takes nothing from the folders that Vite builds; the image does not carry them',
      from: { path: '^(api|adapters|bot|jobs|migrations)/', pathNot: [clients, tests, '^api/test/'] },
      to: { path: clients, dependencyTypesNot: ['type-only'] },
    },
    {
      name: 'features-apart',
      severity: 'error',
      comment: 'A feature of the workbench does not import another one',
      from: { path: '^admin/src/features/([^/]+)/' },
      to: { path: '^admin/src/features/', pathNot: '^admin/src/features/$1/' },
    },
    ...moduleRules,
  ],
  options: {
    baseDir: root,
    doNotFollow: { path: 'node_modules' },
    exclude: { path: '^(dist|data)/' },
    tsPreCompilationDeps: true,
    tsConfig: { fileName: join(import.meta.dirname, 'tsconfig.json') },
    enhancedResolveOptions: {
      extensions: ['.ts', '.js', '.mjs', '.vue', '.json'],
      conditionNames: ['import', 'node', 'default', 'types'],
      exportsFields: ['exports'],
    },
  },
}
