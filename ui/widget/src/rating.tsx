import { Component } from 'preact';
import { quietly } from './quiet';
import type { In } from './world';

/** Rating asks once how it was: one to five, and a word if there is one. */
export class Rating extends Component<In<{ talk: string }>, { points: number; comment: string; busy: boolean }> {
  override state = { points: 0, comment: '', busy: false };

  private readonly send = (e: Event) => {
    e.preventDefault();
    this.setState({ busy: true });
    const { points, comment } = this.state;
    quietly(this.props.w.chat.rate(this.props.talk, points, comment.trim()).finally(() => this.setState({ busy: false })));
  };

  render() {
    const { t } = this.props.w;
    const { points, comment, busy } = this.state;
    return (
      <form class="rating" onSubmit={this.send}>
        <fieldset>
          <legend>{t('rate')}</legend>
          <div class="stars">
            {[1, 2, 3, 4, 5].map((n) => (
              <label class={n <= points ? 'on' : ''}>
                <input type="radio" name="rating" value={n} checked={points === n} onChange={() => this.setState({ points: n })} aria-label={t('stars', n)} />
                <svg viewBox="0 0 24 24" width="28" height="28" aria-hidden="true">
                  <path d="M12 3l2.7 5.8 6.1.8-4.5 4.2 1.1 6.1L12 17l-5.4 2.9 1.1-6.1L3.2 9.6l6.1-.8z" />
                </svg>
              </label>
            ))}
          </div>
        </fieldset>
        {points > 0 && (
          <>
            <textarea rows={2} maxLength={1000} aria-label={t('comment')} placeholder={t('comment')} value={comment}
              onInput={(e) => this.setState({ comment: e.currentTarget.value })} />
            <button class="main" disabled={busy}>{t('rateSend')}</button>
          </>
        )}
      </form>
    );
  }
}
