import { fireEvent, render, screen } from '@testing-library/react';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { go, guardHistory, leaveAnyway, stay, useLeaving, useUnsaved } from './leaving';

function Form({ unsaved }: { unsaved: boolean }) {
  useUnsaved(unsaved);
  return (
    <>
      <a href="/work">Работа</a>
      <a href="/api/v1/file" download>Файл</a>
    </>
  );
}

const closing = () => fireEvent(window, new Event('beforeunload', { cancelable: true }));
const asks = () => useLeaving.getState().wish !== null;

beforeEach(() => history.replaceState(null, '', '/knowledge/articles/a'));

describe('leaving', () => {
  it('needs no question while all is saved', () => {
    render(<Form unsaved={false} />);
    go('/work');
    expect(location.pathname).toBe('/work');
    expect(closing()).toBe(true);
  });

  it('is asked about when something is unsaved, by a link, a command, or the browser', () => {
    const { unmount } = render(<Form unsaved />);
    expect(closing()).toBe(false);
    fireEvent.click(screen.getByText('Работа'));
    expect(asks()).toBe(true);
    stay();
    expect(asks()).toBe(false);
    go('/work');
    expect(location.pathname).toBe('/knowledge/articles/a');
    leaveAnyway();
    expect(location.pathname).toBe('/work');
    unmount();
    expect(useLeaving.getState()).toMatchObject({ unsaved: false, wish: null });
  });

  it('leads back who went back by the browser, until they want it', () => {
    const quiet = guardHistory();
    render(<Form unsaved />);
    const heard = vi.fn();
    addEventListener('popstate', heard);
    history.replaceState(null, '', '/knowledge/articles');
    fireEvent(window, new PopStateEvent('popstate'));
    expect(location.pathname).toBe('/knowledge/articles/a');
    expect(heard).not.toHaveBeenCalled();
    const back = vi.spyOn(history, 'back').mockImplementation(() => {});
    leaveAnyway();
    expect(back).toHaveBeenCalledOnce();
    removeEventListener('popstate', heard);
    quiet();
  });

  it('lets files be saved', () => {
    render(<Form unsaved />);
    fireEvent.click(screen.getByText('Файл'));
    expect(asks()).toBe(false);
  });
});
