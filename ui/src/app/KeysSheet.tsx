/** The sheet of keys: what can be pressed now. */
import { Modal, Stack, Table, Text, Title } from '@mantine/core';
import { useText } from '../i18n';
import { comboFor, Keys, present, useRegistry, type Command } from '../kit';

export function KeysSheet({ opened, onClose }: { opened: boolean; onClose: () => void }) {
  const { t } = useText();
  return (
    <Modal opened={opened} onClose={onClose} title={t('app.keys')} size="lg" centered>
      {opened && <Sheet />}
    </Modal>
  );
}

function Sheet() {
  const { t } = useText();
  const pressable = present(useRegistry((r) => r.commands)).filter((c) => comboFor(c));
  const groups = [...new Set(pressable.map((c) => c.group))];
  if (groups.length === 0) return <Text c="dimmed">{t('app.keys.none')}</Text>;
  return (
    <Stack gap="lg">
      {groups.map((g) => (
        <Group key={g} name={g} commands={pressable.filter((c) => c.group === g)} />
      ))}
    </Stack>
  );
}

function Group({ name, commands }: { name: string; commands: Command[] }) {
  return (
    <section aria-label={name}>
      <Title order={3} size="sm" mb={4}>
        {name}
      </Title>
      <Table fz="sm" verticalSpacing={6}>
        <Table.Tbody>
          {commands.map((c) => (
            <Table.Tr key={c.id}>
              <Table.Td>{c.label}</Table.Td>
              <Table.Td ta="right">
                <Keys combo={comboFor(c) ?? ''} />
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
    </section>
  );
}
