export const app = {
  'app.name': 'CraftTalk',
} as const;
