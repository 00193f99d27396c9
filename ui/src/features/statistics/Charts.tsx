/** The charts, each with its table. */
import type { Bar, ChartName, Statistics } from '../../sync/statistics';
import { Breakdown, type Charted } from './Breakdown';
import type { Slice } from './place';
import type { About } from './StatisticsPage';
import { TimeChart } from './TimeChart';
import { useColours } from './useColours';
import classes from './statistics.module.css';

const breakdowns: [slice: Charted, chart: ChartName][] = [
  ['handling', 'handlings'], ['kind', 'kinds'], ['topic', 'topics'], ['line', 'lines'], ['rating', 'ratings'], ['language', 'languages'], ['account', 'accounts'],
];

export function Charts({ charts, about }: { charts: Statistics['charts']; about: About }) {
  const colours = useColours();
  return (
    <>
      <TimeChart bars={charts.time} about={about} colours={colours} />
      <div className={classes.charts}>
        {breakdowns.map(([slice, chart]) => <Breakdown key={slice} slice={slice} bars={ordered(slice, charts[chart])} about={about} colours={colours} />)}
      </div>
    </>
  );
}

/** Ratings are a whole scale, and then what has none; the others stand as they are many. */
function ordered(slice: Slice, bars: Bar[]): Bar[] {
  if (slice !== 'rating' || bars.length === 0) return bars;
  return ['1', '2', '3', '4', '5', '0'].map((value) => bars.find((b) => b.value === value) ?? { value, name: '', total: 0, automatic: 0, by_operators: 0, unserved: 0 });
}
