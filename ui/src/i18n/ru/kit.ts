export const kit = {
  'kit.retry': 'Повторить',
} as const;
