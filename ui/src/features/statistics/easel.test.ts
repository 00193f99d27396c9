import type { ECharts } from 'echarts/core';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { Easel } from './easel';

let see: (isIntersecting: boolean) => void;

beforeEach(() => {
  vi.stubGlobal('IntersectionObserver', class {
    constructor(tell: (all: { isIntersecting: boolean }[]) => void) {
      see = (isIntersecting) => tell([{ isIntersecting }]);
    }
    observe() {}
    disconnect() {}
  });
});

/** An easel, what was drawn on it, and a press on its first part. */
function stand() {
  const drawn: object[] = [];
  const heard: Record<string, (event: object) => void> = {};
  const chart = { setOption: (o: object) => drawn.push(o), on: (name: string, tell: typeof heard[string]) => { heard[name] = tell; }, getZr: () => ({ on: () => {} }), dispose: () => {} };
  const box = document.createElement('div');
  const easel = new Easel(box, chart as unknown as ECharts);
  const press = () => {
    heard.mousedown!({ dataIndex: 0 });
    box.click();
  };
  return { easel, drawn, press };
}

const frame = { yAxis: {} };

// proves ST-06: what is seen is drawn anew at once, and of it only what has changed.
describe('an easel', () => {
  it('draws what has changed', () => {
    const { easel, drawn } = stand();
    const option = { ...frame, series: [1] };
    easel.show(option, () => {});
    easel.show(option, () => {});
    easel.show({ ...frame, series: [2] }, () => {});
    expect(drawn).toEqual([{ yAxis: {}, series: [1] }, { series: [2] }]);
  });

  it('draws what is out of sight when it comes near, once, and before it is printed', () => {
    const { easel, drawn } = stand();
    easel.show({ ...frame, series: [1] }, () => {});
    see(false);
    easel.show({ ...frame, series: [2] }, () => {});
    easel.show({ ...frame, series: [3] }, () => {});
    expect(drawn).toHaveLength(1);
    see(true);
    see(true);
    expect(drawn.slice(1)).toEqual([{ series: [3] }]);
    see(false);
    easel.show({ ...frame, series: [4] }, () => {});
    window.dispatchEvent(new Event('beforeprint'));
    expect(drawn.slice(2)).toEqual([{ series: [4] }]);
    easel.leave();
  });

  it('tells what was pressed of what is drawn', () => {
    const { easel, press } = stand();
    const said: string[] = [];
    easel.show({ series: [1] }, (at) => said.push(`old ${at}`));
    see(false);
    easel.show({ series: [2] }, (at) => said.push(`new ${at}`));
    press();
    see(true);
    press();
    expect(said).toEqual(['old 0', 'new 0']);
  });
});
