/** Points in a square of axes. Everything in it is in a table too. */
import { Table, Text } from '@mantine/core';
import { useWords } from './text';
import classes from './bot.module.css';

export interface Axis {
  name: string;
  most: number;
  write: (value: number) => string;
}

interface Point {
  x: number;
  y: number;
  /** How much it stands for: a heavier point is larger. */
  weight?: number;
}

interface Props {
  title: string;
  x: Axis;
  y: Axis;
  points: readonly Point[];
  weight?: { name: string; write: (value: number) => string };
  /** Shows where both are the same. */
  diagonal?: boolean;
}

/** The square inside of the picture: what is left of it are the writings. */
const box = { left: 52, top: 10, width: 380, height: 220 };
const size = { width: 460, height: 276 };

export const across = (value: number, axis: Axis) => box.left + (box.width * value) / axis.most;
export const up = (value: number, axis: Axis) => box.top + box.height * (1 - value / axis.most);

/** Five marks from nothing to the most, round where the most is a number of things. */
export function marks(most: number): number[] {
  if (most <= 1) return [0, 0.25, 0.5, 0.75, 1];
  const rough = most / 4;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = Math.max(1, power * ([1, 2, 5, 10].find((n) => n * power >= rough) ?? 10));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, i) => i * step);
}

export function Plot(props: Props) {
  const { t } = useWords();
  const { title, points } = props;
  if (points.length < 2) return <Text size="sm" c="dimmed">{t('bot.chart.few')}</Text>;
  return (
    <>
      <Picture {...props} label={t('bot.chart.of', { title, n: points.length })} />
      <details className={classes.twin}>
        <summary>{t('bot.chart.table')}</summary>
        <Twin {...props} />
      </details>
    </>
  );
}

function Picture({ x, y, points, diagonal, label }: Props & { label: string }) {
  const line = points.map((p) => `${across(p.x, x)},${up(p.y, y)}`).join(' ');
  const heaviest = Math.max(1, ...points.map((p) => p.weight ?? 1));
  return (
    <svg role="img" aria-label={label} viewBox={`0 0 ${size.width} ${size.height}`} className={classes.plot}>
      <Marks x={x} y={y} />
      {diagonal && <line x1={across(0, x)} y1={up(0, y)} x2={across(x.most, x)} y2={up(y.most, y)} className={classes.diagonal} />}
      <polyline points={line} className={classes.line} />
      {points.map((p, i) => (
        <circle key={i} cx={across(p.x, x)} cy={up(p.y, y)} r={p.weight === undefined ? 4 : 3 + 5 * Math.sqrt(p.weight / heaviest)} className={classes.point}>
          <title>{`${x.name}: ${x.write(p.x)}; ${y.name}: ${y.write(p.y)}`}</title>
        </circle>
      ))}
    </svg>
  );
}

function Marks({ x, y }: { x: Axis; y: Axis }) {
  const bottom = box.top + box.height;
  return (
    <g aria-hidden>
      {marks(y.most).map((m) => (
        <g key={m}>
          <line x1={box.left} x2={box.left + box.width} y1={up(m, y)} y2={up(m, y)} className={classes.grid} />
          <text x={box.left - 8} y={up(m, y) + 4} textAnchor="end">{y.write(m)}</text>
        </g>
      ))}
      {marks(x.most).map((m) => (
        <text key={m} x={across(m, x)} y={bottom + 18} textAnchor="middle">{x.write(m)}</text>
      ))}
      <text x={box.left + box.width / 2} y={bottom + 38} textAnchor="middle">{x.name}</text>
    </g>
  );
}

function Twin({ title, x, y, points, weight }: Props) {
  return (
    <Table fz="sm" aria-label={title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{x.name}</Table.Th>
          <Table.Th>{y.name}</Table.Th>
          {weight && <Table.Th>{weight.name}</Table.Th>}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {points.map((p, i) => (
          <Table.Tr key={i}>
            <Table.Td>{x.write(p.x)}</Table.Td>
            <Table.Td>{y.write(p.y)}</Table.Td>
            {weight && <Table.Td>{weight.write(p.weight ?? 0)}</Table.Td>}
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}
