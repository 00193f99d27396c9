import { useComputedColorScheme, useMantineTheme } from '@mantine/core';
import { useMemo, useRef } from 'react';
import type { Colours } from './chart';

const hues = ['brand', 'indigo', 'orange', 'grape', 'lime', 'pink', 'cyan', 'yellow', 'teal', 'red'];

/** The colours of the workspace as charts take them, in light and dark. */
export function useColours(): Colours {
  const scheme = useComputedColorScheme('light');
  const { colors, fontFamily } = useMantineTheme();
  return useMemo(() => {
    const dark = scheme === 'dark';
    const of = (hue: string) => colors[hue]![dark ? 5 : 7]!;
    const own = getComputedStyle(document.documentElement);
    const said = (name: string, otherwise: string) => own.getPropertyValue(name).trim() || otherwise;
    return {
      text: said('--mantine-color-dimmed', '#586270'), line: said('--crafttalk-line', '#e2e7ec'), ground: said('--mantine-color-body', '#ffffff'),
      mark: of('brand'), faint: colors.gray![dark ? 6 : 5]!, hues: hues.map(of), font: fontFamily,
      by_operators: of('brand'), automatic: of('grape'), unserved: of('orange'),
    };
  }, [scheme, colors, fontFamily]);
}

/** A value keeps its place among the colours, wherever its figure puts it. */
export function useColourOf({ hues: all }: Colours): (value: string) => string {
  const places = useRef(new Map<string, number>());
  return (value) => {
    const known = places.current;
    if (!known.has(value)) known.set(value, known.size);
    return all[known.get(value)! % all.length]!;
  };
}
