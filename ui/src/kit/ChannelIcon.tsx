/** The mark of a channel. Beside it or in its label the channel's name is always told. */
import type { Key } from '../i18n';
import { useText } from '../i18n';
import { AgentIcon, ApiIcon, MailIcon, MessengerIcon, MessageIcon, PhoneIcon, TelegramIcon, ViberIcon, VkIcon, WebIcon, WhatsappIcon } from './icons';

const marks: Record<string, [icon: typeof WebIcon, name: Key, hue: string]> = {
  widget: [WebIcon, 'kit.channel.widget', 'teal'],
  api: [ApiIcon, 'kit.channel.api', 'indigo'],
  telegram: [TelegramIcon, 'kit.channel.telegram', 'blue'],
  vk: [VkIcon, 'kit.channel.vk', 'blue'],
  viber: [ViberIcon, 'kit.channel.viber', 'violet'],
  whatsapp: [WhatsappIcon, 'kit.channel.whatsapp', 'green'],
  messenger: [MessengerIcon, 'kit.channel.messenger', 'blue'],
  bot: [AgentIcon, 'kit.channel.bot', 'grape'],
  email: [MailIcon, 'kit.channel.email', 'orange'],
  phone: [PhoneIcon, 'kit.channel.phone', 'teal'],
};

/** The name of a kind of channel; an unknown one is told as it is. */
export function useChannelName(): (kind: string) => string {
  const { t } = useText();
  return (kind) => (marks[kind] ? t(marks[kind][1]) : kind);
}

interface Props {
  kind: string;
  size?: number;
  /** The name stands beside it already. */
  plain?: boolean;
}

export function ChannelIcon({ kind, size = 16, plain = false }: Props) {
  const name = useChannelName()(kind);
  const [Icon, , hue] = marks[kind] ?? [MessageIcon, '', 'gray'];
  const label = plain ? { 'aria-hidden': true } : { role: 'img', 'aria-label': name };
  const color = `light-dark(var(--mantine-color-${hue}-8), var(--mantine-color-${hue}-4))`;
  return <Icon size={size} style={{ color, flex: 'none' }} {...label} />;
}
