/**
 * What the charts show, as ECharts takes it: a frame, which stays as long as the
 * words and the colours do, and what stands in it. Nothing moves: what was pressed
 * is there at once.
 */
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

const opacityOf = (faded: boolean) => (faded ? 0.25 : 1);

/** What a tooltip is told of the part of a chart below the pointer. */
export interface Pointed {
  dataIndex: number;
  name: string;
  value: number;
  /** Its share of all, as it is drawn. */
  data: { share: number };
}

function frame(c: Colours, label: string, tooltip: object): EChartsCoreOption {
  return {
    animation: false,
    aria: { enabled: true, label: { description: label } },
    tooltip: {
      confine: true, transitionDuration: 0, backgroundColor: c.ground, borderColor: c.line, padding: 0,
      textStyle: { color: c.text, fontFamily: c.font, fontSize: 13 }, ...tooltip,
    },
  };
}

/** The frame of a ring. */
export function ringFrame(c: Colours, label: string, say: (part: Pointed) => HTMLElement): EChartsCoreOption {
  return frame(c, label, { trigger: 'item', formatter: say });
}

const shares = (parts: readonly Part[]) => {
  const all = parts.reduce((sum, p) => sum + p.count, 0);
  return parts.map((p) => ({ name: p.name, value: p.count, share: p.count / all }));
};

export function ring(parts: readonly Part[], c: Colours): EChartsCoreOption {
  return {
    series: [{
      type: 'pie', radius: ['52%', '92%'], label: { show: false }, labelLine: { show: false }, emphasis: { scale: false },
      data: shares(parts).map((told, i) => ({
        ...told, cursor: parts[i]!.value === undefined ? 'default' : 'pointer',
        itemStyle: { color: parts[i]!.colour, opacity: opacityOf(parts[i]!.faded), borderColor: c.ground, borderWidth: parts.length > 1 ? 2 : 0 },
      })),
    }],
  };
}

const axisText = (c: Colours) => ({ color: c.text, fontFamily: c.font, fontSize: 12 });

export function columnsFrame(c: Colours, label: string, say: (part: Pointed) => HTMLElement): EChartsCoreOption {
  return {
    ...ringFrame(c, label, say),
    grid: { left: 4, right: 4, top: 8, bottom: 24 },
    yAxis: { type: 'value', show: false },
  };
}

/** Columns stand above short names, and tell their names by a tooltip. */
export function columns(parts: readonly Part[], c: Colours, short: (part: Part) => string): EChartsCoreOption {
  return {
    xAxis: { type: 'category', data: parts.map(short), axisLabel: { ...axisText(c), interval: 0 }, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } } },
    series: [{
      type: 'bar', barMaxWidth: 36, barMinHeight: 2,
      data: shares(parts).map((told, i) => ({ ...told, itemStyle: { color: parts[i]!.colour, opacity: opacityOf(parts[i]!.faded), borderRadius: [3, 3, 0, 0] } })),
    }],
  };
}

export const ways = ['by_operators', 'automatic', 'unserved'] as const;

/** Whether bars would be too thin. */
const isThin = (count: number) => count > mostColumns;

interface TimeFrame {
  label: string;
  /** Of the stretches, short. */
  axis: readonly string[];
  number: (n: number) => string;
  /** Of a stretch, with the figures of the ways. */
  say: (index: number, figures: number[]) => HTMLElement;
}

export function timeFrame(c: Colours, { label, axis, number, say }: TimeFrame): EChartsCoreOption {
  return {
    ...frame(c, label, {
      trigger: 'axis', axisPointer: { type: isThin(axis.length) ? 'line' : 'shadow', shadowStyle: { color: c.line, opacity: 0.5 }, lineStyle: { color: c.text } },
      formatter: (all: Pointed[]) => say(all[0]!.dataIndex, all.map((p) => p.value)),
    }),
    grid: { left: 8, right: 8, top: 12, bottom: 4, containLabel: true },
    xAxis: { type: 'category', data: axis, axisLabel: { ...axisText(c), hideOverlap: true }, axisTick: { show: false }, axisLine: { lineStyle: { color: c.line } } },
    yAxis: { type: 'value', minInterval: 1, splitNumber: 4, axisLabel: { ...axisText(c), formatter: number }, splitLine: { lineStyle: { color: c.line } } },
  };
}

/** Bars of the ways one upon the other; outlines where bars would be too thin. The place of the chosen one is -1 for none. */
export function overTime(bars: readonly Bar[], c: Colours, chosen: number): EChartsCoreOption {
  // What is merged must say that there is no mark any more.
  const mark = { silent: true, itemStyle: { color: c.mark, opacity: 0.25 }, data: chosen >= 0 ? [[{ xAxis: Math.max(0, chosen - 1) }, { xAxis: chosen + 1 }]] : [] };
  return {
    series: ways.map((way, i) => ({
      name: way, stack: 'all', color: c[way],
      ...(isThin(bars.length)
        ? { type: 'line', step: 'middle', symbol: 'none', lineStyle: { width: 0 }, areaStyle: { opacity: 1 }, silent: true, ...(i === 0 && { markArea: mark }), data: bars.map((b) => b[way]) }
        : {
          type: 'bar', barMaxWidth: 48, barCategoryGap: bars.length > 80 ? '10%' : '25%',
          data: bars.map((b, at) => (chosen >= 0 && at !== chosen ? { value: b[way], itemStyle: { opacity: opacityOf(true) } } : b[way])),
        }),
    })),
  };
}
