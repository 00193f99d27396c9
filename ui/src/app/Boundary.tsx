/** What is shown when a part of the page breaks: words and a way on, not a blank page. */
import { Button } from '@mantine/core';
import { Component, type ReactNode } from 'react';
import { useText } from '../i18n';
import { Empty } from '../kit';
import { ErrorIcon, RefreshIcon } from '../kit/icons';

interface Props {
  children: ReactNode;
  /** Another place starts anew. */
  place?: string;
}

export class Boundary extends Component<Props, { broken: boolean }> {
  override state = { broken: false };

  static getDerivedStateFromError() {
    return { broken: true };
  }

  override componentDidUpdate(before: Props) {
    if (before.place !== this.props.place && this.state.broken) this.setState({ broken: false });
  }

  override render() {
    return this.state.broken ? <Broken /> : this.props.children;
  }
}

function Broken() {
  const { t } = useText();
  return (
    <div role="alert">
      <Empty icon={<ErrorIcon size={32} aria-hidden />} title={t('app.broken')} text={t('app.broken.text')}>
        <Button mt="sm" leftSection={<RefreshIcon size={16} aria-hidden />} onClick={() => location.reload()}>
          {t('app.reload')}
        </Button>
      </Empty>
    </div>
  );
}
