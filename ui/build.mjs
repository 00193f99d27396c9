// Builds the workspace and then the widget into dist/, which the server embeds.
import { build } from 'vite';

await build({ configFile: new URL('vite.config.ts', import.meta.url).pathname, logLevel: 'warn' });
await build({ configFile: new URL('widget/vite.config.ts', import.meta.url).pathname, logLevel: 'warn' });
