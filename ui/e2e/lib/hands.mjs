// Somebody who has a keyboard and no mouse: they go where the focus goes, and what
// they press is counted.
import { expect } from './test.mjs';

/** More stops than this before a thing make it out of reach. */
const farthest = 150;

export class Hands {
  /** Keys that were pressed, letters that were typed, and acts that had to be thought of. */
  keys = 0;
  letters = 0;
  acts = 0;
  #last = '';

  constructor(opened, name) {
    Object.assign(this, opened, { name });
    this.page.setDefaultTimeout(60_000); // several people at once, on whatever machine
  }

  /** press presses a key. Pressing it again is no act of its own. */
  async press(key, times = 1) {
    if (key !== this.#last) this.acts++;
    this.#last = key;
    for (let n = 0; n < times; n++) {
      this.keys++;
      await this.page.keyboard.press(key);
    }
  }

  async write(text) {
    this.acts++;
    this.letters += text.length;
    this.#last = '';
    await this.page.keyboard.insertText(text);
  }

  /** at waits until the focus is there by itself. */
  async at(locator) {
    await locator.waitFor();
    const element = await locator.elementHandle();
    await this.page.waitForFunction(isFocused, element).catch(async () => {
      const where = await this.page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
      throw new Error(`the focus is not at ${locator} but at ${where}`);
    });
  }

  /** reach goes there by the Tab key, which stays the same Tab however often. */
  async reach(locator, key = 'Tab') {
    await locator.waitFor({ state: 'attached' });
    for (let n = 0; n < farthest; n++) {
      if (await locator.evaluate(isFocused)) return;
      await this.press(key);
    }
    expect(false, `${key} does not lead to ${locator}`);
  }

  async enter(locator) {
    await this.reach(locator);
    await this.press('Enter');
  }

  async tick(locator) {
    await this.reach(locator);
    await this.press('Space');
  }

  /** fill replaces what a field holds. */
  async fill(locator, text) {
    await this.reach(locator);
    await this.press('Control+a');
    await this.write(text);
  }

  /** command finds a command by its words. */
  async command(words) {
    const { page } = this;
    await this.press('Control+k');
    await this.at(page.getByPlaceholder('Найти команду…'));
    await this.write(words);
    await page.getByRole('button', { name: words }).first().waitFor();
    await this.press('Enter');
    await page.getByPlaceholder('Найти команду…').waitFor({ state: 'detached' });
  }
}

/** isFocused runs in the page, and looks into shadow roots too. */
function isFocused(element) {
  return element.getRootNode().activeElement === element;
}
