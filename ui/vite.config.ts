import react from '@vitejs/plugin-react';
import { defineConfig } from 'vitest/config';

/** Components that only pages use which are loaded when they are opened: they come with them. */
const late = /@mantine\/core\/esm\/components\/(Autocomplete|Checkbox|FloatingIndicator|List|MultiSelect|Pill|PillsInput|Progress|Rating|SegmentedControl|Switch)\//;

/** Libraries that change seldom have files of their own, so that a change of text alters little. */
function part(id: string): string | undefined {
  if (!id.includes('node_modules') || late.test(id)) return undefined;
  if (/node_modules\/(react|react-dom|scheduler)\//.test(id)) return 'react';
  if (/node_modules\/(@mantine|@floating-ui|react-remove-scroll|react-textarea-autosize|clsx)/.test(id)) return 'mantine';
  return undefined;
}

/** What only late pages use of sync comes with them, though one door leads to all of it. */
const lateSync = /\/src\/sync\/(channels|settings)\.ts$/;

/** The addresses of a server in the development mode; VITE_SERVER names it. */
const server = process.env.VITE_SERVER ?? 'http://127.0.0.1:8080';
const proxy = Object.fromEntries(
  ['/api', '/desk', '/widget', '/files', '/setup', '/channel'].map((path) => [path, { target: server, ws: true }]),
);

const parts = '{i18n,kit,sync}';

export default defineConfig({
  root: import.meta.dirname,
  base: '/',
  plugins: [react()],
  server: { proxy },
  build: {
    outDir: 'dist',
    emptyOutDir: true,
    target: 'es2022',
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    reportCompressedSize: false,
    // The library of the charts, which comes with them alone, is one file.
    chunkSizeWarningLimit: 600,
    rolldownOptions: {
      output: { manualChunks: part },
      treeshake: { moduleSideEffects: (id) => !lateSync.test(id) },
    },
  },
  test: {
    environment: 'happy-dom',
    setupFiles: ['src/app/testing.ts'],
    restoreMocks: true,
    // A busy machine is slow, not wrong: only a test that hangs ends here.
    testTimeout: 60_000,
    hookTimeout: 60_000,
    // A second try is told of as such in the report.
    retry: 1,
    // What pages are made of leaves nothing behind: its tests share a world, in any order. Pages have one each.
    projects: [
      { extends: true, test: { name: 'parts', include: [`src/${parts}/**/*.test.{ts,tsx}`], pool: 'threads', isolate: false } },
      { extends: true, test: { name: 'pages', include: ['src/**/*.test.{ts,tsx}', 'widget/**/*.test.{ts,tsx}'], exclude: [`src/${parts}/**`] } },
    ],
  },
});
