// A shop on another origin: a strict policy, and rules that want to hide and to
// repaint everything of the widget's.
import { createServer } from 'node:http';
import { once } from 'node:events';

const css = `* { all: revert; color: red !important; font-size: 40px !important; display: inline !important; letter-spacing: 9px !important }
crafttalk-widget { display: none !important; opacity: 0 !important; transform: scale(.1) !important }
div, button, dialog { position: static !important; background: lime !important } body { transform: rotate(0); filter: blur(0) }`;

/**
 * host serves a page of another site that allows scripts and connections of the
 * chat's server alone, and of the host of its files if that is another. The visitor is Анна, or whom the address names after «#»;
 * after «#stranger» the site knows nobody.
 */
export async function host(chat, account = 'site', files = '') {
  const server = createServer((request, response) => {
    if (request.url === '/page.css') return response.writeHead(200, { 'Content-Type': 'text/css' }).end(css);
    if (request.url === '/page.js') {
      return response.writeHead(200, { 'Content-Type': 'text/javascript' }).end(`
        window.errors = []; addEventListener('error', (e) => errors.push(e.message)); addEventListener('unhandledrejection', (e) => errors.push(String(e.reason)));
        window.heard = []; window.before = Object.keys(window);
        if (location.hash !== '#stranger') window.__CraftTalkCallback = (w) => { w.on('message', (m) => heard.push(m.text)); w.on('open', () => { throw new Error('the page is broken'); });
          return w.authenticate({ fname: decodeURIComponent(location.hash.slice(1)) || 'Анна', email: 'anna@example.org', admin: 'yes' }); };`);
    }
    response.writeHead(200, {
      'Content-Type': 'text/html; charset=utf-8',
      'Content-Security-Policy': `default-src 'none'; style-src 'self'; script-src 'self' ${chat}; connect-src ${chat} ${chat.replace('http', 'ws')} ${files}; img-src 'self' ${chat}`,
    });
    response.end(`<!doctype html><html lang="ru"><title>Чужой сайт</title><link rel="stylesheet" href="/page.css">
      <h1>Чужой сайт</h1><p><a href="#x">Ссылка</a></p><script src="/page.js"></script><script src="${chat}/widget.js" data-account="${account}"></script>`);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  return { url: `http://127.0.0.1:${server.address().port}/`, close: () => server.close() };
}
