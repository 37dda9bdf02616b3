/** The words of a text, parted by spaces and line ends. */
export function words(text: string): readonly string[] {
  return text.trim().split(/\s+/);
}
