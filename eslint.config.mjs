import js from '@eslint/js'
import ts from 'typescript-eslint'
import vue from 'eslint-plugin-vue'

const browserCode = ['admin/**/*.{ts,vue}', 'adapters/*/client/**/*.{ts,vue}', 'adapters/*/simulator/page/**/*.{ts,vue}']
const tests = ['**/*.test.ts', 'api/test/**', 'adapters/testing/**', '**/testing/**']
const terminal = ['api/embedded/**', 'migrations/seeds/**', 'api/test/**']

/** A digest compared with `===` leaks, by its timing, how many characters were right: use timingSafeEqual. */
const comparedSecrets = ['left', 'right'].flatMap((side) =>
  [`[${side}.name=/(signature|token|digest|password|hmac)$/i]`, `[${side}.property.name=/(signature|token|digest|password|hmac)$/i]`].map(
    (name) => ({
      // Comparing with a literal or undefined asks whether there is one, not which one.
      selector: `BinaryExpression[operator=/^[!=]==?$/]${name}:not([left.type='Literal'], [right.type='Literal'], [left.name='undefined'], [right.name='undefined'], [left.type='UnaryExpression'])`,
      message: 'Compare signatures, tokens and digests in constant time (timingSafeEqual).',
    }),
  ),
)

export default ts.config(
  { ignores: ['node_modules/', 'dist/', 'data/', 'coverage/', '**/*.d.ts', 'admin/scripts/**', 'admin/public/**', '**/*.stub'] },
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  js.configs.recommended,
  ...ts.configs.strictTypeChecked,
  ...vue.configs['flat/recommended'],
  {
    languageOptions: {
      parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname, extraFileExtensions: ['.vue'], parser: ts.parser },
    },
    rules: {
      // The compiler knows which names exist, in Node and in the browser.
      'no-undef': 'off',
      '@typescript-eslint/no-explicit-any': 'error',
      '@typescript-eslint/consistent-type-assertions': ['error', { assertionStyle: 'never' }],
      '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
      '@typescript-eslint/no-floating-promises': 'error',
      '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false, attributes: false } }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true, allowBoolean: true }],
      // `() => void` callbacks written as one expression are plain enough.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // `void (await …)` says that the result is dropped on purpose.
      '@typescript-eslint/no-meaningless-void-operator': 'off',
      // Code points are what the platforms count, and what `[...text]` gives.
      '@typescript-eslint/no-misused-spread': 'off',
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_' }],
      // Interfaces of adapters and use cases are async whether or not one of them has to wait.
      '@typescript-eslint/require-await': 'off',
      // Hapi's and Objection's own signatures trip it; the compiler checks what matters.
      '@typescript-eslint/unbound-method': 'off',
      // Together nearly half of the lint's time: classes are few here (rows and errors), enums forbidden.
      '@typescript-eslint/no-unsafe-class-instance-assignment': 'off',
      '@typescript-eslint/no-unsafe-enum-assignment': 'off',
      '@typescript-eslint/no-unnecessary-condition': ['error', { allowConstantLoopConditions: 'always' }],
      eqeqeq: 'error',
      complexity: ['error', 15],
      'max-params': ['error', 5],
      'max-lines': ['error', 300],
      'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true }],
      'no-console': 'error',
      'no-restricted-syntax': ['error', ...comparedSecrets, { selector: 'TSEnumDeclaration', message: 'Use a union of string literals.' }],
      'no-restricted-imports': [
        'error',
        {
          paths: [
            { name: 'lodash', message: 'The language has it.' },
            { name: 'axios', message: 'Use undici.' },
            { name: 'joi', message: 'Schemas are zod, shared with the browser.' },
          ],
          patterns: [{ regex: '^\\.\\.?/.*\\.js$', message: 'Import the source: ./file.ts' }],
        },
      ],
    },
  },
  {
    // vue-tsc checks their types. Here each of them would make the compiler begin anew: ten minutes for all, and `any` for a script's generics.
    files: ['**/*.vue'],
    ...ts.configs.disableTypeChecked,
    rules: { ...ts.configs.disableTypeChecked.rules, 'max-lines': ['error', 250] },
    languageOptions: { parserOptions: { projectService: false, program: null, project: false } },
  },
  {
    files: browserCode,
    rules: {
      // A store or composable is a function that holds functions.
      'max-lines-per-function': ['error', { max: 120, skipBlankLines: true, skipComments: true }],
      // Formatting is Prettier's.
      'vue/max-attributes-per-line': 'off',
      'vue/singleline-html-element-content-newline': 'off',
      'vue/multiline-html-element-content-newline': 'off',
      'vue/html-self-closing': 'off',
      'vue/html-indent': 'off',
      'vue/html-closing-bracket-newline': 'off',
      'vue/block-lang': ['error', { script: { lang: 'ts' } }],
      'vue/component-api-style': ['error', ['script-setup']],
      'vue/no-v-html': 'error',
      'vue/multi-word-component-names': 'off',
    },
  },
  {
    files: tests,
    rules: {
      '@typescript-eslint/consistent-type-assertions': 'off',
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/no-unsafe-assignment': 'off',
      '@typescript-eslint/no-unsafe-member-access': 'off',
      '@typescript-eslint/no-unsafe-argument': 'off',
      '@typescript-eslint/no-unsafe-call': 'off',
      '@typescript-eslint/no-unsafe-return': 'off',
      'max-lines': 'off',
      'max-lines-per-function': 'off',
      'max-params': 'off',
      'no-restricted-syntax': 'off',
    },
  },
  // One statement of SQL may well be long; splitting it hides the table.
  { files: ['migrations/*.ts'], rules: { 'max-lines-per-function': 'off' } },
  { files: terminal, rules: { 'no-console': 'off' } },
  { files: ['**/*.mjs', '**/vite.config.ts'], ...ts.configs.disableTypeChecked },
)
