import { renderHook } from '@testing-library/react';
import { expect, it } from 'vitest';
import { LocaleProvider } from '../../i18n';
import { useZoneName } from './Zone';

it('a zone of Russia is called by its city and how far it is, another by its name', () => {
  const { result } = renderHook(useZoneName, { wrapper: LocaleProvider });
  expect(result.current('Asia/Omsk')).toBe('Омск, UTC+6');
  expect(result.current('America/New_York')).toBe('America/New York');
});
