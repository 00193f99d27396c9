/**
 * A DOCX as a page. It stands in a shadow tree: its styles reach nothing else,
 * and they come as adopted sheets, which the page's policy lets through.
 */
import { parseAsync, renderDocument } from 'docx-preview';
import { useEffect, useRef } from 'react';
import type { ViewProps } from './FilePreview';
import { useMade } from './useShow';

const options = {
  className: 'docx',
  inWrapper: false,
  ignoreWidth: true,
  ignoreHeight: true,
  ignoreFonts: true,
  breakPages: true,
  useBase64URL: true,
  renderAltChunks: false,
  renderComments: false,
};

interface Made {
  root: DocumentFragment;
  css: string;
}

async function make(data: Blob): Promise<Made> {
  const css: string[] = [];
  const h = maker(css);
  const nodes = await renderDocument(await parseAsync(await data.arrayBuffer(), { ...options, h }), { ...options, h });
  const root = document.createDocumentFragment();
  root.append(...nodes);
  clean(root);
  return { root, css: css.join('\n') };
}

interface Described {
  ns?: string;
  tagName: string;
  className?: string;
  style?: string | Record<string, string>;
  children?: (Described | Node | string)[];
}

const forbidden = /^(script|iframe|object|embed|link|form|meta|base)$/i;

/**
 * Makes the nodes that the library describes. Styles are set by their
 * properties, which the page's policy allows; sheets are kept in css.
 */
export function maker(css: string[]) {
  return function make(what: Described | Node | string): Node {
    if (typeof what === 'string') return document.createTextNode(what);
    if (what instanceof Node) return what;
    const { ns, tagName, className, style, children = [], ...rest } = what;
    if (tagName === 'style') css.push(children.filter((c) => typeof c === 'string').join(''));
    if (tagName === 'style' || tagName === '#comment' || forbidden.test(tagName)) return document.createComment('');
    const fragment = tagName === '#fragment';
    const made = fragment ? document.createDocumentFragment() : document.createElementNS(ns ?? 'http://www.w3.org/1999/xhtml', tagName);
    if (!fragment) dress(made as HTMLElement, className, style, rest);
    made.append(...children.map(make));
    return made;
  };
}

function dress(e: HTMLElement, className: string | undefined, style: Described['style'], rest: object): void {
  if (className) e.setAttribute('class', className);
  if (typeof style === 'string') e.style.cssText = style;
  else if (style) Object.assign(e.style, style);
  for (const [key, value] of Object.entries(rest)) {
    if (value !== undefined && !/^(on|innerHTML|outerHTML|srcdoc)/.test(key)) Reflect.set(e, key, value);
  }
}

/** Leaves plain links, and the pictures that the file itself holds. */
export function clean(root: ParentNode): void {
  for (const e of root.querySelectorAll('img')) if (!/^(data:image\/|blob:|$)/i.test(e.getAttribute('src') ?? '')) e.remove();
  for (const a of root.querySelectorAll('a')) {
    const href = a.getAttribute('href') ?? '';
    if (!/^(https?:|mailto:|tel:)/i.test(href)) a.removeAttribute('href');
    a.target = '_blank';
    a.rel = 'noopener noreferrer';
  }
}

const page = ':host { display: block } section { background: #fff; color: #000; padding: 40px !important; margin-bottom: 16px; overflow-x: auto }';

export default function Document({ data }: ViewProps) {
  const [made, instead] = useMade(data, make);
  const host = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (!made || !host.current) return;
    const root = host.current.shadowRoot ?? host.current.attachShadow({ mode: 'open' });
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(made.css + page);
    root.adoptedStyleSheets = [sheet];
    root.replaceChildren(made.root);
  }, [made]);
  return instead ?? <div ref={host} />;
}
