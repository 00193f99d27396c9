import { Component } from 'preact';
import { Icon } from './icons';
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
                <Icon is="star" size={28} />
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
