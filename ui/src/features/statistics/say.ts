/** What a tooltip of a chart says, as an element: the page's policy lets no style come as text. */
import classes from './statistics.module.css';

export function sayer(heading: string, lines: readonly [name: string, figure: string][]): HTMLElement {
  const box = document.createElement('div');
  box.className = classes.tip!;
  const add = (of: HTMLElement, tag: string, text: string) => of.appendChild(Object.assign(document.createElement(tag), { textContent: text }));
  add(box, 'strong', heading);
  for (const [name, figure] of lines) {
    const line = box.appendChild(document.createElement('div'));
    add(line, 'span', name);
    add(line, 'span', figure);
  }
  return box;
}
