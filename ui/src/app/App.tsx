/** What is around every screen: language, looks, data, words that come and go. */
import { MantineProvider } from '@mantine/core';
import { ModalsProvider } from '@mantine/modals';
import { Notifications } from '@mantine/notifications';
import { QueryClientProvider } from '@tanstack/react-query';
import { useMemo, type ReactNode } from 'react';
import { LocaleProvider, useText } from '../i18n';
import { queryClient } from '../sync';
import { Boundary } from './Boundary';
import { Gate } from './Gate';
import { styleNonce } from './nonce';
import { makeTheme, variables } from './theme';

export function Looks({ children }: { children: ReactNode }) {
  const { t } = useText();
  const theme = useMemo(() => makeTheme({ close: t('kit.close') }), [t]);
  return (
    <MantineProvider theme={theme} cssVariablesResolver={variables} defaultColorScheme="auto" getStyleNonce={styleNonce} env={import.meta.env.MODE === 'test' ? 'test' : 'default'}>
      {children}
    </MantineProvider>
  );
}

export function App() {
  return (
    <LocaleProvider>
      <Looks>
        <Boundary>
          <QueryClientProvider client={queryClient}>
            <ModalsProvider>
              <Notifications position="bottom-left" limit={3} containerWidth={300} />
              <Gate />
            </ModalsProvider>
          </QueryClientProvider>
        </Boundary>
      </Looks>
    </LocaleProvider>
  );
}
