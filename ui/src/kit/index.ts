/** The kit: small pieces that show and know nothing. Icons are in './icons'. */
export { Avatar, hueOf, initials } from './Avatar';
export { ChannelIcon, useChannelName } from './ChannelIcon';
export { clock, toneGone, toneLeft, usualMarks, type Mark, type Tone } from './clock';
export { ariaCombo, comboOf, isBrowsers, isSafe, keysOf, showCombo } from './combo';
export { clashOf, comboFor, core, present, register, runCommand, useCommands, useRegistry, useShortcuts, type Clash, type Command } from './commands';
export { ConfirmDialog } from './Confirm';
export { Empty } from './Empty';
export { Failure, useReason, type Wrong } from './Failure';
export { Hint, hinted, HintLayer, Keys } from './Hint';
export { Late, Lines } from './Late';
export { BrandMark } from './BrandMark';
export { FilePreview, type PreviewFile } from './preview/FilePreview';
export { previewKind } from './preview/kinds';
export { sound, testSound, unlock, type Sound } from './sound';
export { Timer } from './Timer';
export { complain, offerUndo, say } from './toast';
export { useFocusBack } from './useFocusBack';
export { useRoving } from './useRoving';
