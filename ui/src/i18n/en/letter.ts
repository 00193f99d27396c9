export const letter = {
  'letter.title': 'Letter to the customer',
  'letter.address': 'Address',
  'letter.form': '{address} (from the card)',
  'letter.channel': 'E-mail channel',
  'letter.text': 'Text of the letter',
  'letter.send': 'Send the letter',
  'letter.sent': 'The letter is sent',
  'letter.failed': 'The letter is not sent',
  'letter.none': 'There is nowhere to write: the customer has no e-mail address, neither in the channels nor in the card.',
  'letter.need.address': 'Choose an address',
  'letter.need.channel': 'Choose an e-mail channel',
  'letter.need.text': 'Write the letter',
};
