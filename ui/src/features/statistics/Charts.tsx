/** The charts, each with its table. */
import type { ChartName, Statistics } from '../../sync/statistics';
import { Breakdown, type Charted } from './Breakdown';
import type { Place } from './place';
import type { About } from './StatisticsPage';
import { TimeChart } from './TimeChart';
import { useColours } from './useColours';
import classes from './statistics.module.css';

const breakdowns: [slice: Charted, chart: ChartName][] = [
  ['handling', 'handlings'], ['kind', 'kinds'], ['topic', 'topics'], ['line', 'lines'], ['rating', 'ratings'], ['language', 'languages'], ['account', 'accounts'],
];

interface Props {
  charts: Statistics['charts'];
  /** What the charts are of. */
  about: About;
  chosen: Place;
}

export function Charts({ charts, about, chosen }: Props) {
  const colours = useColours();
  return (
    <>
      <TimeChart bars={charts.time} about={about} chosen={chosen.bar} colours={colours} />
      <div className={classes.charts}>
        {breakdowns.map(([slice, chart]) => <Breakdown key={slice} slice={slice} bars={charts[chart]} about={about} chosen={chosen[slice]} colours={colours} />)}
      </div>
    </>
  );
}
