/** What the charts show, as ECharts takes it, all of it each time: it is merged into what was there. Nothing moves: what was pressed is there at once. */
import type { EChartsCoreOption } from 'echarts/core';
import type { Bar } from '../../sync/statistics';

export interface Colours {
  text: string;
  line: string;
  ground: string;
  mark: string;
  faint: string;
  /** Of sectors. */
  hues: readonly string[];
  automatic: string;
  by_operators: string;
  unserved: string;
  font: string;
}

/** A sector or a bar; one without a value is not to be pressed. */
export interface Part {
  value?: string;
  name: string;
  count: number;
  colour: string;
  faded: boolean;
}

/** What a tooltip says: a heading, and lines of a name and a figure. */
export type Say = (heading: string, lines: [name: string, figure: string][]) => HTMLElement;

/** So many sectors can be told apart; the rest are one. */
export const mostSectors = 7;
/** More bars than that are too thin to be seen one by one: they are an outline. */
const mostColumns = 240;

/** The sectors of a ring: the largest, and all others as one. */
export function sectors(bars: readonly Bar[], show: { name: (bar: Bar) => string; colour: (value: string) => string; others: string; faint: string; chosen: readonly string[] }): Part[] {
  const { chosen } = show;
  const faded = (value: string) => chosen.length > 0 && !chosen.includes(value);
  const some = bars.filter((b) => b.total > 0);
  // One is never put with others alone.
  const most = some.length <= mostSectors + 1 ? some.length : mostSectors;
  const parts: Part[] = some.slice(0, most).map((b) => ({ value: b.value, name: show.name(b), count: b.total, colour: show.colour(b.value), faded: faded(b.value) }));
  const rest = some.slice(most);
  const count = rest.reduce((sum, b) => sum + b.total, 0);
  if (count > 0) parts.push({ name: show.others, count, colour: show.faint, faded: chosen.length > 0 && !rest.some((b) => chosen.includes(b.value)) });
  return parts;
}

const still = { animation: false, aria: { enabled: true } };
const opacityOf = (faded: boolean) => (faded ? 0.25 : 1);
const told = (label: string) => ({ ...still, aria: { enabled: true, label: { description: label } } });

function tooltip(c: Colours) {
  return { confine: true, transitionDuration: 0, backgroundColor: c.ground, borderColor: c.line, padding: 0, textStyle: { color: c.text, fontFamily: c.font, fontSize: 13 } };
}

export function ring(parts: readonly Part[], c: Colours, label: string, say: (part: Part) => HTMLElement): EChartsCoreOption {
  return {
    ...told(label),
    tooltip: { ...tooltip(c), trigger: 'item', formatter: ({ dataIndex }: { dataIndex: number }) => say(parts[dataIndex]!) },
    series: [{
      type: 'pie', radius: ['52%', '92%'], label: { show: false }, labelLine: { show: false }, emphasis: { scale: false },
      data: parts.map((p) => ({
        name: p.name, value: p.count, cursor: p.value === undefined ? 'default' : 'pointer',
        itemStyle: { color: p.colour, opacity: opacityOf(p.faded), borderColor: c.ground, borderWidth: parts.length > 1 ? 2 : 0 },
      })),
    }],
  };
}

const axisText = (c: Colours) => ({ color: c.text, fontFamily: c.font, fontSize: 12 });

export function columns(parts: readonly Part[], c: Colours, label: string, say: (part: Part) => HTMLElement): EChartsCoreOption {
  return {
    ...told(label),
    grid: { left: 4, right: 4, top: 8, bottom: 24 },
    tooltip: { ...tooltip(c), trigger: 'item', formatter: ({ dataIndex }: { dataIndex: number }) => say(parts[dataIndex]!) },
    xAxis: { type: 'category', data: parts.map((p) => p.name), axisLabel: { ...axisText(c), interval: 0 }, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } } },
    yAxis: { type: 'value', show: false },
    series: [{
      type: 'bar', barMaxWidth: 36, barMinHeight: 2,
      data: parts.map((p) => ({ value: p.count, itemStyle: { color: p.colour, opacity: opacityOf(p.faded), borderRadius: [3, 3, 0, 0] } })),
    }],
  };
}

const ways = ['by_operators', 'automatic', 'unserved'] as const;

interface OverTime {
  label: string;
  /** Of the ways. */
  names: Record<(typeof ways)[number], string>;
  /** Of the stretches, short. */
  axis: string[];
  /** The place of the chosen stretch; -1 for none. */
  chosen: number;
  say: (index: number) => HTMLElement;
  number: (n: number) => string;
}

/** Bars of the ways one upon the other; outlines where bars would be too thin. */
export function overTime(bars: readonly Bar[], c: Colours, show: OverTime): EChartsCoreOption {
  const thin = bars.length > mostColumns;
  const { chosen } = show;
  // What is merged must say that there is no mark any more.
  const mark = { silent: true, itemStyle: { color: c.mark, opacity: 0.25 }, data: chosen >= 0 ? [[{ xAxis: Math.max(0, chosen - 1) }, { xAxis: chosen + 1 }]] : [] };
  return {
    ...told(show.label),
    grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
    tooltip: {
      ...tooltip(c), trigger: 'axis', axisPointer: { type: thin ? 'line' : 'shadow', shadowStyle: { color: c.line, opacity: 0.5 }, lineStyle: { color: c.text } },
      formatter: (all: { dataIndex: number }[]) => show.say(all[0]!.dataIndex),
    },
    xAxis: { type: 'category', data: show.axis, axisLabel: { ...axisText(c), hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } } },
    yAxis: { type: 'value', minInterval: 1, splitNumber: 4, axisLabel: { ...axisText(c), formatter: show.number }, splitLine: { lineStyle: { color: c.line } } },
    series: ways.map((way, i) => ({
      name: show.names[way], stack: 'all', color: c[way],
      ...(thin
        ? { type: 'line', step: 'middle', symbol: 'none', lineStyle: { width: 0 }, areaStyle: { opacity: 1 }, silent: true, ...(i === 0 && { markArea: mark }), data: bars.map((b) => b[way]) }
        : {
          type: 'bar', barMaxWidth: 48, barCategoryGap: bars.length > 80 ? '10%' : '25%',
          data: bars.map((b, at) => (chosen >= 0 && at !== chosen ? { value: b[way], itemStyle: { opacity: opacityOf(true) } } : b[way])),
        }),
    })),
  };
}
