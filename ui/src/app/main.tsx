import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import '@mantine/spotlight/styles.css';
import './global.css';
import { createRoot } from 'react-dom/client';
import { guardHistory } from '../kit';
import { App } from './App';

guardHistory();
const root = document.getElementById('root');
if (root) createRoot(root).render(<App />);
