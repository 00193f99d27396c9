import { defineConfig } from 'vite';

// The widget is one file that a page loads by a script tag.
export default defineConfig({
  root: import.meta.dirname,
  // The classic calls need no runtime beside preact itself, which is 300 bytes less.
  oxc: { jsx: { runtime: 'classic', pragma: 'h', pragmaFrag: 'Fragment' }, jsxInject: "import { h, Fragment } from 'preact'" },
  build: {
    outDir: '../dist/widget',
    emptyOutDir: true,
    target: 'es2022',
    // Older targets would have light-dark() lowered, and the colours of the dark theme lost.
    cssTarget: ['chrome123', 'firefox120', 'safari17.5'],
    reportCompressedSize: false,
    lib: { entry: 'main.tsx', formats: ['iife'], name: 'crafttalk', fileName: () => 'widget.js' },
  },
});
