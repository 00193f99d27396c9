/** The looks of the workspace, once: colours that are readable in light and dark, sizes, habits. */
import { createTheme, type CSSVariablesResolver, type MantineColorsTuple, type MantineThemeOverride } from '@mantine/core';

const brand: MantineColorsTuple = [
  '#e8f6f9', '#d3ecf2', '#a9dae6', '#7cc7d9', '#56b5cd', '#37a3be', '#1f8fac', '#107b97', '#0a6881', '#07566b',
];

/** From text to the darkest ground; a little blue, so that it is no mere grey. */
const dark: MantineColorsTuple = [
  '#dfe3e8', '#b9c0c9', '#959ea9', '#66707c', '#414a55', '#333b45', '#272e36', '#1b2027', '#151a20', '#0f1318',
];

export function makeTheme(words: { close: string }): MantineThemeOverride {
  return createTheme({
    colors: { brand, dark },
    primaryColor: 'brand',
    primaryShade: 8,
    autoContrast: true,
    luminanceThreshold: 0.36,
    defaultRadius: 'md',
    fontFamily: 'system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", "DejaVu Sans", Ubuntu, sans-serif',
    respectReducedMotion: true,
    cursorType: 'pointer',
    components: {
      Modal: { styles: { title: { fontWeight: 600 } }, defaultProps: { closeButtonProps: { 'aria-label': words.close }, overlayProps: { backgroundOpacity: 0.4 } } },
      Drawer: { defaultProps: { closeButtonProps: { 'aria-label': words.close } } },
      Notification: { defaultProps: { closeButtonProps: { 'aria-label': words.close } } },
      Tooltip: { defaultProps: { openDelay: 400, withArrow: true, events: { hover: true, focus: true, touch: false } } },
      Menu: { defaultProps: { shadow: 'md', withInitialFocusPlaceholder: false } },
    },
  });
}

const hues = ['brand', 'red', 'pink', 'grape', 'violet', 'indigo', 'blue', 'cyan', 'teal', 'green', 'lime', 'yellow', 'orange', 'gray'];

/** Text upon a light tint of the same hue: dark enough in light, light enough in dark. */
function tints(shade: number): Record<string, string> {
  return Object.fromEntries(hues.map((h) => [`--mantine-color-${h}-light-color`, `var(--mantine-color-${h}-${shade})`]));
}

/** Orange, yellow, lime and green have no dark shade that is readable; these are. */
const deep = {
  '--mantine-color-orange-light-color': '#9a3c00',
  '--mantine-color-yellow-light-color': '#7d4f00',
  '--mantine-color-lime-light-color': '#3c6300',
  '--mantine-color-green-light-color': '#1c6b2c',
  '--mantine-color-teal-light-color': '#06674b',
  '--mantine-color-cyan-light-color': '#0a6170',
};

export const variables: CSSVariablesResolver = () => ({
  variables: {},
  light: {
    ...tints(9),
    ...deep,
    '--mantine-color-body': '#ffffff',
    '--mantine-color-text': '#1b2430',
    '--mantine-color-dimmed': '#586270',
    '--mantine-color-placeholder': '#667080',
    '--mantine-color-anchor': 'var(--mantine-color-brand-8)',
    '--mantine-color-error': '#c02626',
    '--mantine-color-default-border': '#d5dbe1',
    '--crafttalk-ground': '#f3f6f8',
    '--crafttalk-line': '#e2e7ec',
    '--crafttalk-focus': 'var(--mantine-color-brand-7)',
  },
  dark: {
    ...tints(3),
    '--mantine-color-body': '#1b2027',
    '--mantine-color-text': '#dfe3e8',
    '--mantine-color-dimmed': '#b4bcc6',
    '--mantine-color-placeholder': '#98a2ae',
    '--mantine-color-anchor': 'var(--mantine-color-brand-3)',
    '--mantine-color-error': '#ff8f87',
    '--crafttalk-ground': '#14181d',
    '--crafttalk-line': '#2c343d',
    '--crafttalk-focus': 'var(--mantine-color-brand-4)',
  },
});
