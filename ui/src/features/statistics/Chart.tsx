/** A chart of ECharts. It is for the mouse and hidden from no one: the table beside it says and does the same by keyboard. */
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption, type ECharts } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useEffectEvent, useRef } from 'react';

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

interface Props {
  option: EChartsCoreOption;
  height: number;
  width?: number;
  /** Is told the place of what was pressed. */
  onPick: (index: number) => void;
  /** All that is above a place of the horizontal axis counts as that place: a low bar is as easy to hit as a high one. */
  tall?: boolean;
}

export default function Chart({ option, height, width, onPick, tall }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const chart = useRef<ECharts>(null);
  const pick = useEffectEvent(onPick);
  useEffect(() => {
    const made = init(box.current, null, { renderer: 'svg' });
    chart.current = made;
    if (tall) pressedAbove(made, (index) => pick(index));
    else pressed(box.current!, made, (index) => pick(index));
    const stop = followSize(box.current!, made);
    return () => {
      stop();
      made.dispose();
      chart.current = null;
    };
  }, [tall]);
  // It is merged into what is drawn: a tooltip made anew asks for the layout of the whole page, once for each chart.
  useEffect(() => chart.current?.setOption(option), [option]);
  return <div ref={box} style={{ height, width: width ?? '100%', flex: 'none' }} />;
}

/** A press counts for what was under it when it began, though the chart may be drawn anew before it ends. */
function pressed(box: HTMLElement, chart: ECharts, pick: (index: number) => void): void {
  let down: number | undefined;
  chart.on('mousedown', ({ dataIndex }) => {
    down = dataIndex;
  });
  chart.getZr().on('mousedown', ({ target }) => {
    if (!target) down = undefined;
  });
  box.addEventListener('click', () => {
    const index = down;
    down = undefined;
    if (index !== undefined) pick(index);
  });
}

function pressedAbove(chart: ECharts, pick: (index: number) => void): void {
  const at = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
    const place = [offsetX, offsetY];
    return chart.containPixel('grid', place) ? chart.convertFromPixel('grid', place)[0] : undefined;
  };
  chart.getZr().on('click', (event) => {
    const index = at(event);
    if (index !== undefined) pick(index);
  });
  chart.getZr().on('mousemove', (event) => chart.getZr().setCursorStyle(at(event) === undefined ? 'default' : 'pointer'));
}

function followSize(box: HTMLElement, chart: ECharts): () => void {
  let width = box.clientWidth;
  const seen = new ResizeObserver(() => {
    if (box.clientWidth === width) return;
    width = box.clientWidth;
    chart.resize();
  });
  seen.observe(box);
  return () => seen.disconnect();
}
