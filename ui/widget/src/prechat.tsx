import { Component } from 'preact';
import type { Field } from './config';
import { faultOf, phoneEdit, plain, type Fault } from './masks';
import type { In } from './world';

const kinds: Record<string, [type: string, fill: string]> = {
  fname: ['text', 'given-name'],
  lname: ['text', 'family-name'],
  email: ['email', 'email'],
  phone: ['tel', 'tel'],
};
const faults = { required: 'faultRequired', cyrillic: 'faultCyrillic', phone: 'faultPhone', email: 'faultEmail' } as const;

interface Form {
  values: Record<string, string>;
  wrong: Record<string, Fault | undefined>;
}

/** PreChat asks who writes, before the first message. What is wrong is said when a field is left. */
export class PreChat extends Component<In<{ fields: Field[] }>, Form> {
  override state: Form = { values: {}, wrong: {} };

  private readonly value = (f: Field) => this.state.values[f.name] ?? '';

  private readonly check = (f: Field) => this.setState((s) => ({ wrong: { ...s.wrong, [f.name]: faultOf(f, this.value(f)) } }));

  private readonly type = (f: Field, e: HTMLInputElement) => {
    if (f.name === 'phone') {
      const next = phoneEdit(e.value, e.selectionStart ?? e.value.length);
      e.value = next.value;
      e.setSelectionRange(next.caret, next.caret);
    }
    const { value } = e;
    this.setState(({ values, wrong }) => ({
      values: { ...values, [f.name]: value },
      wrong: wrong[f.name] ? { ...wrong, [f.name]: faultOf(f, value) } : wrong,
    }));
  };

  private readonly submit = (e: Event) => {
    e.preventDefault();
    const { fields, w } = this.props;
    for (const f of fields) this.check(f);
    const first = fields.find((f) => faultOf(f, this.value(f)));
    if (first) (e.currentTarget as HTMLElement).querySelector<HTMLElement>(`[name=${first.name}]`)?.focus();
    else w.chat.introduce(Object.fromEntries(fields.filter((f) => this.value(f).trim()).map((f) => [f.name, plain(f.name, this.value(f))])));
  };

  render() {
    const { fields, w } = this.props;
    return (
      <form class="prechat" onSubmit={this.submit} noValidate>
        <p class="greeting">{w.t('prechat')}</p>
        {fields.map((f) => this.input(f))}
        <button class="main" part="button">{w.t('begin')}</button>
      </form>
    );
  }

  private input(f: Field) {
    const { t } = this.props.w;
    const fault = this.state.wrong[f.name];
    const id = 'ct-' + f.name;
    const [type, fill] = kinds[f.name] ?? ['text', 'off'];
    return (
      <p class="field" key={f.name}>
        <label for={id}>
          {f.label?.[t.locale] || t(f.name)} {f.required ? <b aria-hidden="true">*</b> : <span class="faint">({t('optional')})</span>}
        </label>
        <input id={id} name={f.name} type={type as 'text'} autocomplete={fill as 'name'} maxLength={200} placeholder={f.name === 'phone' ? '+7 (___) ___-__-__' : undefined}
          value={this.value(f)} onInput={(e) => this.type(f, e.currentTarget)} onBlur={() => this.check(f)}
          required={f.required} aria-invalid={fault && true} aria-describedby={fault && id + '-fault'} />
        {fault && <span class="fault" id={id + '-fault'}>{t(faults[fault])}</span>}
      </p>
    );
  }
}
