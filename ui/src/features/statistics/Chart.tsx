/** A chart of ECharts. It is for the mouse and hidden from no one: the table beside it says and does the same by keyboard. */
import { BarChart, LineChart, PieChart } from 'echarts/charts';
import { AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent } from 'echarts/components';
import { init, use, type EChartsCoreOption } from 'echarts/core';
import { SVGRenderer } from 'echarts/renderers';
import { useEffect, useRef } from 'react';
import { Easel, type Pick } from './easel';

use([BarChart, LineChart, PieChart, AriaComponent, GridComponent, MarkAreaComponent, TooltipComponent, SVGRenderer]);

interface Props {
  option: EChartsCoreOption;
  height: number;
  width?: number;
  /** Is told the place of what was pressed. */
  onPick: Pick;
  /** All that is above a place of the horizontal axis counts as that place: a low bar is as easy to hit as a high one. */
  tall?: boolean;
}

export default function Chart({ option, height, width, onPick, tall }: Props) {
  const box = useRef<HTMLDivElement>(null);
  const easel = useRef<Easel>(null);
  useEffect(() => {
    const made = new Easel(box.current!, init(box.current, null, { renderer: 'svg' }), tall);
    easel.current = made;
    return () => {
      made.leave();
      easel.current = null;
    };
  }, [tall]);
  useEffect(() => easel.current?.show(option, onPick));
  return <div ref={box} style={{ height, width: width ?? '100%', flex: 'none' }} />;
}
