/** What a chart is drawn on: it draws what has changed, when somebody can see it, and tells what was pressed. */
import type { EChartsCoreOption, ECharts } from 'echarts/core';

export type Pick = (index: number) => void;

/** A chart is drawn while it is still so far from what is seen. */
const near = '100px';

export class Easel {
  private wanted: { option: EChartsCoreOption; pick: Pick } = { option: {}, pick: () => {} };
  private drawn = this.wanted;
  private seen = true;
  private width: number;
  private readonly gone = new AbortController();

  constructor(private readonly box: HTMLElement, private readonly chart: ECharts, tall?: boolean) {
    this.width = box.clientWidth;
    if (tall) this.pressedAbove();
    else this.pressed();
    const sight = new IntersectionObserver((all) => {
      this.seen = all.at(-1)!.isIntersecting;
      if (this.seen) this.draw();
    }, { rootMargin: near });
    const size = new ResizeObserver(() => this.resize());
    sight.observe(box);
    size.observe(box);
    addEventListener('beforeprint', () => this.draw(), { signal: this.gone.signal });
    this.gone.signal.addEventListener('abort', () => {
      sight.disconnect();
      size.disconnect();
      chart.dispose();
    });
  }

  leave(): void {
    this.gone.abort();
  }

  /** show draws an option now if it can be seen, and when it comes near otherwise. */
  show(option: EChartsCoreOption, pick: Pick): void {
    this.wanted = { option, pick };
    if (this.seen) this.draw();
  }

  /** Parts that are the same things as before are not given again: ECharts would take them apart and put them together anew. */
  private draw(): void {
    const before = this.drawn.option;
    const fresh = Object.entries(this.wanted.option).filter(([name, part]) => before[name] !== part);
    this.drawn = this.wanted;
    if (fresh.length > 0) this.chart.setOption(Object.fromEntries(fresh));
  }

  private resize(): void {
    if (this.box.clientWidth === this.width) return;
    this.width = this.box.clientWidth;
    this.chart.resize();
  }

  /** A press counts for what was under it when it began, though the chart may be drawn anew before it ends. */
  private pressed(): void {
    let down: (() => void) | undefined;
    this.chart.on('mousedown', ({ dataIndex }) => {
      const { pick } = this.drawn;
      down = () => pick(dataIndex);
    });
    this.chart.getZr().on('mousedown', ({ target }) => {
      if (!target) down = undefined;
    });
    this.box.addEventListener('click', () => {
      const act = down;
      down = undefined;
      act?.();
    });
  }

  private pressedAbove(): void {
    const { chart } = this;
    const at = ({ offsetX, offsetY }: { offsetX: number; offsetY: number }) => {
      const place = [offsetX, offsetY];
      return chart.containPixel('grid', place) ? chart.convertFromPixel('grid', place)[0] : undefined;
    };
    chart.getZr().on('click', (event) => {
      const index = at(event);
      if (index !== undefined) this.drawn.pick(index);
    });
    chart.getZr().on('mousemove', (event) => chart.getZr().setCursorStyle(at(event) === undefined ? 'default' : 'pointer'));
  }
}
