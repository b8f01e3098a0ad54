import tseslint from 'typescript-eslint';

const typed = {
  '@typescript-eslint/no-explicit-any': 'error',
  '@typescript-eslint/no-floating-promises': 'error',
  '@typescript-eslint/no-misused-promises': ['error', { checksVoidReturn: { arguments: false } }],
  '@typescript-eslint/await-thenable': 'error',
  '@typescript-eslint/return-await': ['error', 'in-try-catch'],
  '@typescript-eslint/switch-exhaustiveness-check': ['error', { considerDefaultExhaustiveForUnions: true }],
  '@typescript-eslint/only-throw-error': 'error',
  '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports', prefer: 'type-imports' }],
  '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }],
  '@typescript-eslint/no-non-null-assertion': 'error',
  // Nest-like empty classes do not occur; classes with static members only do not belong here, decorated ones do.
  '@typescript-eslint/no-extraneous-class': ['error', { allowWithDecorator: true }],
  '@typescript-eslint/no-invalid-void-type': 'off', // `this: void` and Promise<void> unions of ports
};

const everywhere = {
  eqeqeq: ['error', 'always', { null: 'ignore' }],
  'no-console': 'off', // each program decides below
  'no-restricted-syntax': [
    'error',
    { selector: 'TSEnumDeclaration[const=true]', message: 'isolatedModules: use a union of string literals.' },
  ],
  'max-lines': ['error', { max: 320, skipBlankLines: true, skipComments: true }],
  'max-lines-per-function': ['error', { max: 60, skipBlankLines: true, skipComments: true, IIFEs: true }],
};

export default tseslint.config(
  { ignores: ['dist/', '.dist-*/', 'node_modules/', 'coverage/', 'reports/', '.dev/', '**/*.generated.ts', '**/generated.ts'] },
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strict],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: { ...everywhere, ...typed },
  },
  {
    // The service says what it has to say through its logger.
    files: ['src/**/*.ts', 'resolvers/**/*.ts', 'sagas/**/*.ts', 'entities/**/*.ts'],
    ignores: ['src/main.ts', 'src/migrate.ts', 'src/republish.ts', 'resolvers/print-schema.ts'],
    rules: { 'no-console': 'error' },
  },
  {
    // What the domain computes depends on its arguments alone: time and identity come in.
    files: ['src/domain/**/*.ts'],
    ignores: ['**/*.spec.ts'],
    rules: {
      'no-restricted-globals': ['error', 'setTimeout', 'setInterval', 'fetch', 'process', 'console', 'performance', 'crypto'],
      'no-restricted-properties': [
        'error',
        { object: 'Date', property: 'now', message: 'Time is an argument.' },
        { object: 'Math', property: 'random', message: 'Chance is an argument.' },
      ],
      'no-restricted-syntax': [
        'error',
        { selector: 'NewExpression[callee.name="Date"][arguments.length=0]', message: 'Time is an argument.' },
      ],
    },
  },
  {
    // Decorator metadata needs the classes themselves at run time, which a type import would erase.
    files: ['resolvers/**/*.ts', 'entities/**/*.ts'],
    rules: { '@typescript-eslint/consistent-type-imports': 'off' },
  },
  {
    // A describe block is as long as what it specifies; a migration as long as its SQL.
    files: ['**/*.spec.ts', 'test/**/*.ts', 'migrations/**/*.ts'],
    rules: { 'max-lines-per-function': 'off', 'max-lines': 'off', '@typescript-eslint/no-non-null-assertion': 'off' },
  },
  {
    files: ['**/*.{js,cjs,mjs}'],
    rules: { eqeqeq: everywhere.eqeqeq, 'no-undef': 'off', 'no-unused-vars': ['error', { argsIgnorePattern: '^_', varsIgnorePattern: '^_', caughtErrors: 'none' }], 'prefer-const': 'error', 'no-var': 'error' },
  },
);
